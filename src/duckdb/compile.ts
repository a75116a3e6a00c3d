import type { Field } from "../descriptor/types.ts";
import type {
  CastRelation,
  CheckRelation,
  MapRelation,
  ProjectRelation,
  Relation,
  SortRelation,
} from "../plan/relation.ts";
import { type CastDecision, castColumns, goodRows } from "./cast.ts";
import { usualType } from "./cell.ts";
import { type CheckDecision, checkedColumns, checkFilter } from "./check.ts";
import { errors, list, scan, selectTable, unread } from "./compile-source.ts";
import type { TestFor } from "./constraint-function.ts";
import { type Column, compileExpression } from "./expression.ts";
import { type LateTexts, noTexts, textsBelow } from "./late-text.ts";
import { outputColumn, passedColumns, wireColumns } from "./row-function.ts";
import type { StructuredColumn } from "./scan.ts";
import { identifier } from "./sql.ts";
import { textForm } from "./text-form.ts";

/** A relation as SQL, and its columns in the order of its fields. */
export interface Compiled {
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** A relation that was computed once. `placed`: it has the columns of `place`; else its rows are numbered as they lie. */
export interface StoredTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly placed: boolean;
}

/** What is known about a plan while it is compiled: what was computed already, and what its data turned out to be. */
export interface Compilation {
  /** Relations that lie in a table. */
  readonly tables: ReadonlyMap<Relation, StoredTable>;
  /** Normalised copies of text files. */
  readonly spools: ReadonlyMap<string, string>;
  readonly structured: ReadonlyMap<string, readonly StructuredColumn[]>;
  readonly casts: ReadonlyMap<CastRelation, CastDecision>;
  readonly checks: ReadonlyMap<CheckRelation, CheckDecision>;
  /** Tables of findings. */
  readonly findings: ReadonlyMap<CastRelation | CheckRelation, readonly string[]>;
  /** The fields that a row function that may be called again reads, as far as it has shown; else all are passed. */
  readonly reads: ReadonlyMap<MapRelation, ReadonlySet<string>>;
  /** The SQL name of a row function over these columns. */
  readonly functionFor: (relation: MapRelation, columns: readonly Column[]) => string;
  readonly testFor: TestFor;
}

/** What is wanted of a relation beside its values. */
export interface Wanted {
  /** With the columns that say where each row came from. */
  readonly placed?: boolean;
  /** Fields of which only the text is wanted. */
  readonly texts?: LateTexts;
}

/** Compiles a relation. */
export function compile(
  relation: Relation,
  known: Compilation,
  { placed = false, texts = noTexts }: Wanted = {},
): Compiled {
  const table = known.tables.get(relation);
  if (table) return selectTable(table, placed);
  switch (relation.kind) {
    case "scan":
      return scan(relation, known, placed);
    case "errors":
      return errors(relation, known);
    case "rows":
    case "transform":
      return unread(relation);
    default: {
      const below = textsBelow(relation, texts, (map) => known.reads.get(map));
      const input = compile(relation.input, known, {
        placed: placed || dropsByRow(relation, known),
        texts: below,
      });
      return above(relation, input, { known, placed, texts });
    }
  }
}

/** True if rows are left out by their number, which the input must then tell. */
function dropsByRow(relation: Relation, known: Compilation): boolean {
  if (relation.kind === "cast") return (known.casts.get(relation)?.droppedRows ?? null) !== null;
  return relation.kind === "check" && (known.checks.get(relation)?.badRows ?? null) !== null;
}

type Above = Exclude<Relation, { kind: "scan" | "errors" | "rows" | "transform" }>;
interface Setting {
  readonly known: Compilation;
  readonly placed: boolean;
  readonly texts: LateTexts;
}

function above(relation: Above, input: Compiled, setting: Setting): Compiled {
  const from = `(${input.sql})`;
  const { placed } = setting;
  switch (relation.kind) {
    case "cast":
      return cast(relation, input, setting);
    case "check":
      return check(relation, input, setting);
    case "project":
      return project(relation, input, placed);
    case "filter":
      return {
        ...input,
        sql: `SELECT * FROM ${from} WHERE ${compileExpression(relation.where, input.columns).sql}`,
      };
    case "sort":
      return sort(relation, input, placed);
    case "distinct":
      return distinct(relation.keys, input, placed);
    case "limit":
      return { ...input, sql: `SELECT * FROM ${from} LIMIT ${relation.count}` };
    case "map":
      return map(relation, input, setting);
  }
}

function cast(relation: CastRelation, input: Compiled, { known, placed, texts }: Setting): Compiled {
  const decision = known.casts.get(relation);
  const columns = castColumns(relation, input.columns, { decision, texts });
  const where = goodRows(relation, input.columns, decision);
  const select = columns.map(({ sql, column }) => `${sql} AS ${identifier(column.field.name)}`);
  return {
    sql: `SELECT ${list(select, placed)} FROM (${input.sql})${where === null ? "" : ` WHERE ${where}`}`,
    columns: columns.map(({ column }) => column),
  };
}

function check(relation: CheckRelation, input: Compiled, { known, placed }: Setting): Compiled {
  const decision = known.checks.get(relation);
  const where = checkFilter(relation, input.columns, { decision, testFor: known.testFor });
  const columns = input.columns.map((column, i) => ({
    ...column,
    field: { ...column.field, ...(relation.schema.fields[i] ?? {}), type: column.field.type },
  }));
  const values = checkedColumns(relation, input.columns, decision);
  const select = values.map((sql, i) => `${sql} AS ${identifier(columns[i]?.field.name ?? "")}`);
  return {
    sql: `SELECT ${list(select, placed)} FROM (${input.sql})${where === null ? "" : ` WHERE ${where}`}`,
    columns,
  };
}

function project(relation: ProjectRelation, input: Compiled, placed: boolean): Compiled {
  const compiled = relation.columns.map(({ name, value }, i) => {
    const wanted = relation.schema.fields[i] ?? { name, type: "any" };
    const result = compileExpression(value, input.columns);
    if (result.field)
      return { sql: result.sql, column: { field: carried(wanted, result.field), type: result.type } };
    const type = laidAs(wanted, result.type);
    const asText = type === "VARCHAR" && result.type !== "NULL";
    const sql = asText ? textForm(result.sql, wanted, result.type) : `CAST(${result.sql} AS ${type})`;
    return { sql, column: { field: wanted, type } };
  });
  const select = compiled.map(({ sql, column }) => `${sql} AS ${identifier(column.field.name)}`);
  return {
    sql: `SELECT ${list(select, placed)} FROM (${input.sql})`,
    columns: compiled.map(({ column }) => column),
  };
}

/** A field that a projection only passes on or renames; its type is what the data below turned out to be. */
function carried(wanted: Field, below: Field): Field {
  return wanted.type === below.type ? wanted : { ...wanted, type: below.type };
}

/** Whole numbers that a computation made wide stay wide. */
function laidAs(field: Field, type: string): string {
  const usual = usualType(field);
  if (field.type === "integer" && type === "HUGEINT") return type;
  if (field.type === "number" && type.startsWith("DECIMAL")) return type;
  if (field.type === "datetime" && type.startsWith("TIMESTAMP")) return type;
  return field.type === "any" && type === "JSON" ? type : usual;
}

function sort(relation: SortRelation, input: Compiled, placed: boolean): Compiled {
  const keys = relation.keys.map(({ value, descending }) => {
    const { sql, type, field } = compileExpression(value, input.columns);
    const number = type === "VARCHAR" && (field?.type === "integer" || field?.type === "number");
    return `${number ? `CAST(${sql} AS DOUBLE)` : sql} ${descending ? "DESC NULLS LAST" : "ASC NULLS FIRST"}`;
  });
  const numbered = `SELECT *, row_number() OVER () AS "aircan:order" FROM (${input.sql})`;
  const names = input.columns.map(({ field }) => identifier(field.name));
  return {
    ...input,
    sql: `SELECT ${list(names, placed)} FROM (${numbered}) ORDER BY ${[...keys, '"aircan:order"'].join(", ")}`,
  };
}

function distinct(keys: readonly string[], input: Compiled, placed: boolean): Compiled {
  const names = input.columns.map(({ field }) => identifier(field.name));
  const by = keys.map(identifier);
  const numbered = `SELECT *, row_number() OVER () AS "aircan:order" FROM (${input.sql})`;
  const firsts = `SELECT ${by.join(", ")}, min("aircan:order") AS "aircan:first" FROM (${numbered}) GROUP BY ${by.join(", ")}`;
  const joined = `SELECT rows.* FROM (${numbered}) AS rows SEMI JOIN (${firsts}) AS firsts ON rows."aircan:order" = firsts."aircan:first"`;
  return { ...input, sql: `SELECT ${list(names, placed)} FROM (${joined}) ORDER BY "aircan:order"` };
}

function map(relation: MapRelation, input: Compiled, { known, placed }: Setting): Compiled {
  const name = known.functionFor(relation, input.columns);
  const args = passedColumns(input.columns, known.reads.get(relation)).map(({ field }) =>
    identifier(field.name),
  );
  const inner = `SELECT *, ${name}(${args.join(", ")}) AS "aircan:out" FROM (${input.sql})`;
  const outputs = wireColumns(relation);
  const select = relation.schema.fields.map((field) => {
    const index = outputs.findIndex((output) => output.name === field.name);
    const output = outputs[index];
    if (output === undefined) return { sql: identifier(field.name), column: columnOf(input, field) };
    const raw = relation.target === null ? `"aircan:out"['c${index}']` : '"aircan:out"';
    return outputColumn(
      output,
      raw,
      input.columns.find((column) => column.field.name === output.name),
    );
  });
  const values = select.map(({ sql, column }) => `${sql} AS ${identifier(column.field.name)}`);
  return {
    sql: `SELECT ${list(values, placed)} FROM (${inner})`,
    columns: select.map(({ column }) => column),
  };
}

function columnOf(input: Compiled, field: Field): Column {
  return (
    input.columns.find((column) => column.field.name === field.name) ?? { field, type: usualType(field) }
  );
}
