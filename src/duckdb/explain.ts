import type { PackagePlan } from "../plan/package-plan.ts";
import type { Relation } from "../plan/relation.ts";
import { mergeCasts } from "../plan/rewrite.ts";
import { usualType } from "./cell.ts";
import { type Compilation, compile } from "./compile.ts";
import { identifier } from "./sql.ts";
import { relationsOf } from "./state.ts";

/** The plan as text: for each resource its steps, where each runs, and the SQL; then what is written. */
export function explainPlan(plan: PackagePlan): string {
  const resources = plan.resources.map(
    ({ descriptor, relation }) => `${descriptor.name}\n${explainRelation(mergeCasts(relation))}`,
  );
  const sinks = plan.sinks.map(({ at, summary }) => `  step ${at.step}  ${at.processor}: ${summary}`);
  return [...resources, ...(sinks.length > 0 ? [`writes\n${sinks.join("\n")}`] : [])].join("\n\n");
}

function explainRelation(relation: Relation): string {
  const steps = relationsOf(relation).map(
    (each) =>
      `  step ${each.at.step}  ${each.at.processor.padEnd(14)} ${each.kind.padEnd(9)} ${whereOf(each)}`,
  );
  const fields = relation.schema.fields.map(({ name, type }) => `${name} ${type}`).join(", ");
  return [...steps, `  gives   ${fields}`, `  sql     ${sqlOf(relation)}`].join("\n");
}

function whereOf(relation: Relation): string {
  switch (relation.kind) {
    case "map": {
      const order = relation.pure ? ", in any order" : ", once per row, in row order";
      const names = relation.input.schema.fields.map(({ name }) => name).join(", ");
      return `break to JavaScript, called by DuckDB${order}; reads what it touches of: ${names}`;
    }
    case "transform":
      return "break to JavaScript: every row leaves DuckDB and comes back";
    case "rows":
      return "JavaScript: rows are taken into DuckDB";
    case "cast":
      return `DuckDB: ${relation.fields.map(({ name, type }) => `${name} as ${type}${relation.guessed.includes(name) ? " (guessed)" : ""}`).join(", ")}`;
    default:
      return "DuckDB";
  }
}

/** The SQL of an optimistic run; row functions stand under the number of their step. */
export function sqlOf(relation: Relation): string {
  const structured = relationsOf(relation).flatMap((each) =>
    each.kind === "scan"
      ? [[each.table.path, each.schema.fields.map((field) => ({ field, stored: usualType(field) }))] as const]
      : [],
  );
  const known: Compilation = {
    tables: new Map(),
    spools: new Map(),
    structured: new Map(structured),
    casts: new Map(),
    checks: new Map(),
    findings: new Map(),
    reads: new Map(),
    functionFor: ({ at }) => `row_function_of_step_${at.step.replaceAll(".", "_")}`,
    testFor: ({ constraint, column }) => `test_of_${constraint}(${identifier(column.field.name)})`,
  };
  return compile(relation, known).sql;
}
