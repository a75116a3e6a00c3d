import { AirCanError } from "../base/errors.ts";
import type { Field, Resource, Schema } from "../descriptor/types.ts";
import { cast, limit, project, scan } from "../plan/build.ts";
import type { Engine } from "../plan/engine.ts";
import type { Relation, StepReference } from "../plan/relation.ts";
import type { LocalTable } from "../reading/local-table.ts";
import { readSource } from "../reading/open-source.ts";
import type { CheckRequest } from "./checklist.ts";
import type { CustomCheck } from "./custom-check.ts";
import type { FindingList } from "./finding-list.ts";
import type { ReportTask } from "./report.ts";

/** What testing one table needs. */
export interface TableTest {
  readonly engine: Engine;
  readonly table: LocalTable;
  /** The same with all rows, where `table` has its first ones only. */
  readonly whole?: LocalTable | undefined;
  /** What the rows must be; undefined: found out from the file. */
  readonly schema: Schema | undefined;
  readonly findings: FindingList;
  readonly limitRows: number | undefined;
  readonly signal: AbortSignal;
  /** Where parts of the table may be written. */
  readonly temporaryFolder: string;
  readonly checks?: readonly CheckRequest[] | undefined;
  readonly customChecks?: readonly CustomCheck[] | undefined;
  /** The other tables of its package, and the way to those of others. */
  readonly related?: Related | undefined;
  /** The report of this table in the last run. */
  readonly before?: ReportTask | undefined;
  readonly now?: (() => number) | undefined;
  /** When a local file was changed last. */
  readonly changed?: Date | null | undefined;
}

/** The other tables that a table may refer to. */
export interface Related {
  /** Names of the package's resources. */
  readonly names: readonly string[];
  /** @throws AirCanError `unknown-resource`; what opening it throws. */
  readonly open: (reference: Reference) => Promise<RelatedTable>;
}

export interface Reference {
  /** Name of a resource. */
  readonly resource: string;
  /** Path or address of another package. */
  readonly package?: string | undefined;
}

/** A table, with the schema that its descriptor has. */
export interface RelatedTable {
  readonly table: LocalTable;
  readonly schema: Schema | undefined;
}

/** Where the relations of a validation come from, in messages. */
export const at: StepReference = { step: "1", processor: "validate" };

/** Which field tests which column of the file, as the engine shall name them: no name stands there twice. */
export function namedFields(columns: readonly (Field | null)[]): Field[] {
  const taken = new Set<string>();
  return columns.map((field, i) => {
    const base = field ?? { name: `aircan:column ${i + 1}`, type: "any" as const };
    let name = base.name;
    for (let n = 2; taken.has(name); n++) name = `${base.name}:${n}`;
    taken.add(name);
    return { ...base, name };
  });
}

export interface TypedTable {
  readonly table: LocalTable;
  /** One for each column of the file. */
  readonly fields: readonly Field[];
  readonly missingValues: readonly string[];
  /** Only so many of its first rows; undefined: all. */
  readonly limitRows?: number | undefined;
}

/** All columns of a related table, by the types of its schema. */
function typedRelated(table: LocalTable, schema: Schema | undefined): TypedTable {
  const byName = new Map((schema?.fields ?? []).map((field) => [field.name, field]));
  const fields = table.columns.map((name) => byName.get(name) ?? ({ name, type: "string" } as const));
  return { table, fields, missingValues: schema?.missingValues ?? [""] };
}

/** Opens another table that a test refers to. A table of no schema is one of texts. */
export async function openRelated(
  { related, engine }: Pick<TableTest, "related" | "engine">,
  reference: Reference,
): Promise<TypedTable> {
  if (related === undefined)
    throw new AirCanError(
      "unknown-resource",
      `No other table is known here, so that "${reference.resource}" is not there.`,
      {
        hint: "Validate the package that has both.",
      },
    );
  const { table, schema } = await related.open(reference);
  return typedRelated(await engine.describe(table), schema);
}

/** Some fields of a table as their types; cells that are not of them are null. */
export function typedFields(
  { table, fields, missingValues, limitRows }: TypedTable,
  names: readonly string[],
): Relation {
  const schema = { fields };
  const resource: Resource = { ...table.resource, schema };
  const named = { ...table, columns: fields.map(({ name }) => name), guessed: [], resource };
  const wanted = fields.filter(({ name }) => names.includes(name));
  const options = { fields: wanted, missingValues, onError: "clear", resource: resource.name } as const;
  const rows = scan(named, at);
  const typed = cast(limitRows === undefined ? rows : limit(rows, limitRows, at), options, at);
  return wanted.length === fields.length
    ? typed
    : project(
        typed,
        wanted.map((field) => ({ field })),
        at,
      );
}

/** The bytes of a table of text, not compressed. */
export function openText(table: LocalTable) {
  return readSource({ ...table, source: String(table.resource.path ?? table.path) });
}
