import type { Statistics } from "../plan/engine.ts";
import type { Relation } from "../plan/relation.ts";
import { compile } from "./compile.ts";
import { type Column, compileExpression } from "./expression.ts";
import { query } from "./session.ts";
import { identifier } from "./sql.ts";
import type { RunState } from "./state.ts";
import { textForm } from "./text-form.ts";

const factsPerField = 5;

/** Count, nulls, distinct values, least, greatest and mean of every field, in one scan. */
export async function gatherStatistics(state: RunState, relation: Relation): Promise<Statistics> {
  const { sql, columns } = compile(relation, state);
  const asked = ["count(*)", ...columns.flatMap(factsOf)];
  const [row = []] = await query(state.session, `SELECT ${asked.join(", ")} FROM (${sql})`);
  const rows = Number(row[0]);
  const fields = columns.map(({ field }, i) => {
    const [count, distinct, min, max, mean] = row.slice(1 + i * factsPerField, 1 + (i + 1) * factsPerField);
    const facts = {
      count: Number(count),
      nulls: rows - Number(count),
      distinct: Number(distinct),
      min: min === null || min === undefined ? null : String(min),
      max: max === null || max === undefined ? null : String(max),
      mean: mean === null || mean === undefined ? null : Number(mean),
    };
    return [field.name, facts] as const;
  });
  return { rows, fields: Object.fromEntries(fields) };
}

function factsOf(column: Column): string[] {
  const name = identifier(column.field.name);
  const { sql } = compileExpression({ kind: "field", name: column.field.name }, [column]);
  const number = column.field.type === "integer" || column.field.type === "number";
  const value = number && column.type === "VARCHAR" ? `CAST(${sql} AS DOUBLE)` : sql;
  const ordered = column.type !== "JSON" && !column.type.startsWith("STRUCT") && !column.type.endsWith("[]");
  const extreme = (aggregate: string) =>
    ordered ? textForm(`arg_${aggregate}(${name}, ${value})`, column.field, column.type) : "NULL";
  const mean = number ? `avg(CAST(${value} AS DOUBLE)) FILTER (isfinite(CAST(${value} AS DOUBLE)))` : "NULL";
  return [
    `count(${name})`,
    `count(DISTINCT ${ordered ? name : `CAST(${name} AS VARCHAR)`})`,
    extreme("min"),
    extreme("max"),
    mean,
  ];
}
