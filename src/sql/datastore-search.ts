import type pg from "pg";
import { AirCanError } from "../base/errors.ts";
import { identifier, qualified } from "../storage/postgres.ts";
import { comparedAsText } from "./column-types.ts";
import {
  type Database,
  type DatastoreTable,
  datastoreSchema,
  type ReadOptions,
  readTableOf,
} from "./datastore.ts";

/** Parameters of CKAN's `datastore_search`; lists may be given as text with commas. */
export interface SearchQuery {
  readonly resource_id: string;
  /** 100 unless told, at most 32,000. */
  readonly limit?: number;
  readonly offset?: number;
  /** By column: a value, or a list of values of which one must be there. */
  readonly filters?: Readonly<Record<string, unknown>>;
  /** Such as `"name" desc, age`; the order of the rows unless told. */
  readonly sort?: string;
  readonly fields?: string | readonly string[];
  /** Words that a row must hold, each anywhere in any column, capitals or not; by column as an object. */
  readonly q?: string | Readonly<Record<string, string>>;
  readonly distinct?: boolean;
  readonly include_total?: boolean;
  readonly records_format?: "objects" | "lists";
}

export interface SearchResult {
  readonly resource_id: string;
  readonly fields: readonly { readonly id: string; readonly type: string }[];
  readonly records: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[];
  readonly records_format: "objects" | "lists";
  readonly limit: number;
  readonly offset: number;
  readonly include_total: boolean;
  readonly total?: number;
  readonly total_was_estimated: boolean;
  readonly _links: { readonly start: string; readonly next: string };
}

const maxLimit = 32_000;

interface Column {
  readonly name: string;
  /** Name in PostgreSQL's catalogue, as CKAN gives it. */
  readonly type: string;
}

/**
 * Rows of a loaded table in the shape of CKAN's `datastore_search`. `_id` is the number of the row, from 1
 * in the order of the file. Numbers come with all their digits (`JSON.stringify` writes them as they are).
 *
 * @throws AirCanError `not-found`, `unknown-field`, `params-error`, `timeout`, `database-error`.
 */
export async function datastoreSearch(
  database: Database,
  query: SearchQuery,
  options: ReadOptions = {},
): Promise<SearchResult> {
  return readTableOf(database, query.resource_id, (client, table) => search(client, table, query), options);
}

async function search(
  client: pg.ClientBase,
  table: DatastoreTable,
  query: SearchQuery,
): Promise<SearchResult> {
  const limit = wholeNumber("limit", query.limit ?? 100, maxLimit);
  const offset = wholeNumber("offset", query.offset ?? 0, Number.MAX_SAFE_INTEGER);
  const columns = await catalogueColumns(client, table);
  const chosen = chosenColumns(columns, query.fields);
  const where = whereOf(columns, query);
  const from = `from ${qualified(datastoreSchema, table.table)}${where.sql}`;
  const selected = `select ${query.distinct ? "distinct " : ""}${chosen.map(({ name }) => identifier(name)).join(", ")} ${from}`;
  const order = orderOf(columns, query, chosen);
  const forms = chosen.map((column) => jsonForm(column));
  const records =
    limit === 0
      ? []
      : await run(
          client,
          `select ${forms.join(", ")} from (${selected}${order} limit ${limit} offset ${offset}) t`,
          where.values,
        );
  const includeTotal = query.include_total ?? true;
  const total = includeTotal
    ? await count(client, query.distinct ? `from (${selected}) t` : from, where.values)
    : undefined;
  const format = query.records_format ?? "objects";
  const rows = records.map((cells) => cells.map((cell, i) => cellOf(cell, chosen[i])));
  return {
    resource_id: query.resource_id,
    fields: chosen.map(({ name, type }) => ({ id: name, type: name === "_id" ? "int" : type })),
    records:
      format === "lists"
        ? rows
        : rows.map((cells) => Object.fromEntries(chosen.map(({ name }, i) => [name, cells[i]]))),
    records_format: format,
    limit,
    offset,
    include_total: includeTotal,
    ...(total === undefined ? {} : { total }),
    total_was_estimated: false,
    _links: links(query, limit, offset),
  };
}

function wholeNumber(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0) return Math.min(value, max);
  throw new AirCanError("params-error", `${name} is no whole number from 0: ${value}.`, {
    where: { field: name },
  });
}

/** The columns of a loaded table as PostgreSQL knows them, `_id` first. */
export async function catalogueColumns(client: pg.ClientBase, { table }: DatastoreTable): Promise<Column[]> {
  const { rows } = await client.query(
    `select a.attname as name, t.typname as type from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = format('%I.%I', $1::text, $2::text)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [datastoreSchema, table],
  );
  return rows;
}

function named(columns: readonly Column[], name: string, parameter: string): Column {
  const column = columns.find((each) => each.name === name);
  if (column) return column;
  throw new AirCanError(
    "unknown-field",
    `${parameter} names the field "${name}", but the fields are: ${columns.map((each) => each.name).join(", ")}.`,
    { where: { field: name } },
  );
}

function chosenColumns(columns: readonly Column[], fields: SearchQuery["fields"]): Column[] {
  const names = typeof fields === "string" ? splitOutsideQuotes(fields).map(unquoted) : (fields ?? []);
  return names.length === 0 ? columns.slice() : names.map((name) => named(columns, name, "fields"));
}

interface Where {
  readonly sql: string;
  readonly values: readonly unknown[];
}

function whereOf(columns: readonly Column[], { filters = {}, q }: SearchQuery): Where {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const tests = Object.entries(filters).map(([name, wanted]) =>
    filterSql(named(columns, name, "filters"), wanted, parameter),
  );
  const everywhere = `concat_ws(' ', ${columns
    .filter(({ name }) => name !== "_id")
    .map(({ name }) => `${identifier(name)}::text`)
    .join(", ")})`;
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
  const holds = (text: string, where: string) =>
    words(text).map((word) => `${where} ilike ${parameter(`%${word.replace(/[\\%_]/g, "\\$&")}%`)}`);
  if (typeof q === "string") tests.push(...holds(q, everywhere));
  else
    for (const [name, text] of Object.entries(q ?? {}))
      tests.push(...holds(text, `${identifier(named(columns, name, "q").name)}::text`));
  return { sql: tests.length === 0 ? "" : ` where ${tests.join(" and ")}`, values };
}

function filterSql({ name, type }: Column, wanted: unknown, parameter: (value: unknown) => string): string {
  const list = Array.isArray(wanted) ? wanted : [wanted];
  const texts = list
    .filter((value) => value !== null)
    .map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
  const asText = comparedAsText.has(type) || type.startsWith("_");
  const column = `${identifier(name)}${asText ? "::text" : ""}`;
  const tests = [
    ...(list.includes(null) ? [`${identifier(name)} is null`] : []),
    ...(texts.length > 0
      ? [`${column} = any(${parameter(texts)}::${asText ? "text" : identifier(type)}[])`]
      : []),
  ];
  return tests.length === 0 ? "false" : `(${tests.join(" or ")})`;
}

function orderOf(
  columns: readonly Column[],
  { sort, distinct }: SearchQuery,
  chosen: readonly Column[],
): string {
  const keys = splitOutsideQuotes(sort ?? "").map((part) => sortKey(columns, part));
  const byNumber =
    columns.some(({ name }) => name === "_id") && (!distinct || chosen.some(({ name }) => name === "_id"));
  const all = [...keys, ...(byNumber ? ["_id"] : [])];
  return all.length === 0 ? "" : ` order by ${all.join(", ")}`;
}

function sortKey(columns: readonly Column[], part: string): string {
  const match = /^("(?:[^"]|"")*"|.*?)(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?$/i.exec(part);
  const { name, type } = named(columns, unquoted(match?.[1] ?? part), "sort");
  const column = `${identifier(name)}${comparedAsText.has(type) ? "::text" : ""}`;
  return `${column} ${match?.[2]?.toLowerCase() === "desc" ? "desc" : "asc"} nulls ${match?.[3]?.toLowerCase() === "first" ? "first" : "last"}`;
}

function splitOutsideQuotes(text: string): string[] {
  return (text.match(/(?:"(?:[^"]|"")*"|[^,"])+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const unquoted = (name: string): string =>
  /^".*"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name.trim();

const numbers = new Set(["int2", "int4", "int8", "float4", "float8", "numeric"]);

/** A column as text that `cellOf` reads. */
function jsonForm({ name, type }: Column): string {
  const column = identifier(name);
  if (type.startsWith("timestamp")) return isoTimestamp(column);
  if (type === "point") return `btrim(${column}::text, '()')`;
  return type.startsWith("_") ? `to_json(${column})::text` : `${column}::text`;
}

/** SQL for the ISO 8601 text of a timestamp, with `Z` where it has a zone (the session's, UTC). */
export const isoTimestamp = (column: string): string =>
  `replace(replace(${column}::text, ' ', 'T'), '+00', 'Z')`;

function cellOf(text: string | null, column: Column | undefined): unknown {
  if (text === null || column === undefined) return text;
  if (column.type === "bool") return text === "true";
  if (column.type.startsWith("_") || column.type.startsWith("json")) return JSON.parse(text);
  if (!numbers.has(column.type)) return text;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return String(number) === text || !isLonger(text) ? number : rawJson(text);
}

// In every runtime since Node 22, but not in TypeScript's library yet.
const rawJson: (text: string) => unknown = (JSON as unknown as { rawJSON: (text: string) => unknown })
  .rawJSON;

/** True for a number whose digits a double may not keep. */
const isLonger = (text: string): boolean => text.replace(/[eE].*|[^0-9]/g, "").replace(/^0+/, "").length > 15;

async function run(
  client: pg.ClientBase,
  text: string,
  values: readonly unknown[],
): Promise<(string | null)[][]> {
  try {
    return (await client.query({ text, values: values.slice(), rowMode: "array" })).rows;
  } catch (error) {
    throw badValue(error);
  }
}

async function count(client: pg.ClientBase, from: string, values: readonly unknown[]): Promise<number> {
  try {
    return Number((await client.query(`select count(*) as n ${from}`, values.slice())).rows[0]?.n);
  } catch (error) {
    throw badValue(error);
  }
}

/** A filter's value that is not of its column's type. */
function badValue(error: unknown): unknown {
  const isValue = error instanceof Error && "code" in error && /^22/.test(String(error.code));
  return isValue
    ? new AirCanError("params-error", `A filter does not fit its field: ${error.message}.`, { cause: error })
    : error;
}

function links(query: SearchQuery, limit: number, offset: number): SearchResult["_links"] {
  const at = (place: number) => {
    const all = Object.entries({ ...query, offset: place, limit }).flatMap(([name, value]) =>
      value === undefined || (name === "offset" && value === 0)
        ? []
        : [[name, typeof value === "object" ? JSON.stringify(value) : String(value)]],
    );
    return `/api/3/action/datastore_search?${new URLSearchParams(all)}`;
  };
  return { start: at(0), next: at(offset + limit) };
}
