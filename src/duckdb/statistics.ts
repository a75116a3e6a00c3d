import { DuckDBListValue, type DuckDBValue } from "@duckdb/node-api";
import type { FieldStatistics, Statistics } from "../plan/engine.ts";
import type { Relation } from "../plan/relation.ts";
import { type Axis, axisOf } from "./axis.ts";
import { compile } from "./compile.ts";
import type { Column } from "./expression.ts";
import { createTable, query, type Session } from "./session.ts";
import { identifier } from "./sql.ts";
import type { RunState } from "./state.ts";
import { textForm } from "./text-form.ts";

/** Different values that are counted one by one; beyond, a sketch tells how many there are. */
const mostCounted = 1_000_000;
/** Numbers that are held at once for quantiles; beyond, a sketch tells them. */
const mostRanked = 10_000_000;
/** Rows up to which the values of several columns are counted at once. */
const fewRows = 10_000;
const topValues = 10;
const bins = 20;
const shares = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Columns that one query asks about. */
const mostAtOnce = 50;

/** What every field holds, from one scan of the source: its typed columns are kept aside, on disk where they are large. */
export async function gatherStatistics(state: RunState, relation: Relation): Promise<Statistics> {
  const { session } = state;
  const { sql, columns } = compile(relation, state);
  const table = await createTable(session, sql);
  try {
    const [[counted] = []] = await query(session, `SELECT count(*) FROM ${table}`);
    const rows = Number(counted);
    const facts: [string, FieldStatistics][] = [];
    for (let from = 0; from < columns.length; from += mostAtOnce) {
      const some = columns.slice(from, from + mostAtOnce).map(measured);
      const isAll = some.length === columns.length;
      facts.push(...(await (isAll ? factsOf : factsOfSome)(session, some, { table, rows })));
    }
    return { rows, fields: Object.fromEntries(facts) };
  } finally {
    await query(session, `DROP TABLE ${table}`);
  }
}

/** Some columns of a wide table, in a table of their own: each query takes longer the more columns its table has. */
async function factsOfSome(
  session: Session,
  some: readonly Measured[],
  { table, rows }: Table,
): Promise<[string, FieldStatistics][]> {
  const names = some.map(({ name }) => name).join(", ");
  const narrow = await createTable(session, `SELECT ${names} FROM ${table}`);
  try {
    return await factsOf(session, some, { table: narrow, rows });
  } finally {
    await query(session, `DROP TABLE ${narrow}`);
  }
}

interface Table {
  readonly table: string;
  readonly rows: number;
}

/** A column, its values as SQL, and how they lie on a line of numbers, if they do. */
interface Measured {
  readonly column: Column;
  readonly name: string;
  readonly isOrdered: boolean;
  /** Equal for equal values. */
  readonly key: string;
  readonly axis: Axis | undefined;
}

function measured(column: Column): Measured {
  const name = identifier(column.field.name);
  const { type } = column;
  const isOrdered = type !== "JSON" && !type.startsWith("STRUCT") && !type.endsWith("[]");
  const key = isOrdered ? name : `CAST(${name} AS VARCHAR)`;
  return { column, name, isOrdered, key, axis: axisOf(name, column) };
}

async function factsOf(
  session: Session,
  some: readonly Measured[],
  table: Table,
): Promise<[string, FieldStatistics][]> {
  const scalars = await scalarFacts(session, some, table);
  const tops = await commonest(session, scalars, table);
  const histograms = await histogramsOf(session, scalars, table);
  return scalars.map(({ measured, facts }, i) => [
    measured.column.field.name,
    { ...facts, ...tops.get(i), histogram: histograms.get(i) ?? [] },
  ]);
}

type Scalar = Omit<FieldStatistics, "histogram">;

interface Scalars {
  readonly measured: Measured;
  readonly facts: Scalar;
  /** Ends of the axis; null where no value lies on it. */
  readonly ends: { readonly from: number; readonly to: number } | null;
}

const scalarsPerField = 9;

async function scalarFacts(
  session: Session,
  some: readonly Measured[],
  { table, rows }: Table,
): Promise<Scalars[]> {
  const isExact = rows * some.length <= mostRanked;
  const asked = some.flatMap((each) => scalarQuestions(each, isExact));
  const [row = []] = await query(session, `SELECT ${asked.join(", ")} FROM ${table}`);
  return some.map((measured, i) =>
    scalarsOf(measured, row.slice(i * scalarsPerField, (i + 1) * scalarsPerField), { rows, isExact }),
  );
}

function scalarQuestions({ column, name, isOrdered, key, axis }: Measured, isExact: boolean): string[] {
  const isNumber = column.field.type === "integer" || column.field.type === "number";
  const value = isNumber && column.type === "VARCHAR" ? `CAST(${name} AS DOUBLE)` : name;
  const extreme = (aggregate: string) =>
    isOrdered ? textForm(`arg_${aggregate}(${name}, ${value})`, column.field, column.type) : "NULL";
  // not FILTER: each has room of its own for all columns of the query
  const finite = axis && `CASE WHEN isfinite(${axis.sql}) THEN ${axis.sql} END`;
  const along = (aggregate: string, more = "") =>
    finite === undefined ? "NULL" : `${aggregate}(${finite}${more})`;
  return [
    `count(${name})`,
    `approx_count_distinct(${key})`,
    extreme("min"),
    extreme("max"),
    isNumber ? along("avg") : "NULL",
    isNumber ? along("stddev_samp") : "NULL",
    along(isExact ? "quantile_disc" : "approx_quantile", `, [${shares.join(", ")}]`),
    along("min"),
    along("max"),
  ];
}

function scalarsOf(
  measured: Measured,
  answers: readonly DuckDBValue[],
  { rows, isExact }: { readonly rows: number; readonly isExact: boolean },
): Scalars {
  const [count, distinct, min, max, mean, deviation, ranked, from, to] = answers;
  const textOf = (value: DuckDBValue | undefined) =>
    value === null || value === undefined ? null : String(value);
  const numberOf = (value: DuckDBValue | undefined) =>
    value === null || value === undefined ? null : Number(value);
  const ends = { from: numberOf(from), to: numberOf(to) };
  const places = ranked instanceof DuckDBListValue ? ranked.items.map(Number) : [];
  return {
    measured,
    facts: {
      count: Number(count),
      nulls: rows - Number(count),
      distinct: Number(distinct),
      distinctIs: "estimated",
      min: textOf(min),
      max: textOf(max),
      mean: numberOf(mean),
      deviation: numberOf(deviation),
      quantiles: places.map((place, i) => ({
        share: shares[i] ?? 0,
        value: measured.axis?.text(place) ?? "",
      })),
      quantilesAre: isExact ? "exact" : "estimated",
      top: [],
    },
    ends: ends.from === null || ends.to === null ? null : { from: ends.from, to: ends.to },
  };
}

type Top = Pick<FieldStatistics, "distinct" | "distinctIs" | "top">;

/** How many different values there are, and the commonest; where they are too many to be counted, the commonest by a sketch. */
async function commonest(
  session: Session,
  scalars: readonly Scalars[],
  { table, rows }: Table,
): Promise<ReadonlyMap<number, Partial<Top>>> {
  const found = new Map<number, Partial<Top>>();
  const atOnce = rows <= fewRows ? scalars.length : 1;
  for (let from = 0; from < scalars.length; from += atOnce) {
    const questions: string[] = [];
    for (const [i, { measured, facts }] of scalars.slice(from, from + atOnce).entries()) {
      const where = isCounted(facts)
        ? `${measured.name} IS NOT NULL`
        : await amongCommonest(session, measured, table);
      questions.push(countedValues(measured, { number: from + i, table, where }));
    }
    const counted = Map.groupBy(await query(session, questions.join(" UNION ALL ")), ([i]) => Number(i));
    for (const [i, { facts }] of scalars.slice(from, from + atOnce).entries())
      found.set(from + i, topOf(counted.get(from + i) ?? [], isCounted(facts)));
  }
  return found;
}

const isCounted = ({ distinct }: Scalar): boolean => distinct <= mostCounted;

function topOf(counted: readonly DuckDBValue[][], isExact: boolean): Partial<Top> {
  const top = counted
    .map(([, value, count]) => ({ value: String(value), count: Number(count) }))
    .filter(({ count }) => count > 1);
  return isExact ? { top, distinct: Number(counted[0]?.[3] ?? 0), distinctIs: "exact" } : { top };
}

interface Counting {
  /** Stands in each row of the answer. */
  readonly number: number;
  readonly table: string;
  readonly where: string;
}

function countedValues({ column, name, key }: Measured, { number, table, where }: Counting): string {
  const value = textForm("v", column.field, column.type);
  return `SELECT * FROM (WITH g AS MATERIALIZED (SELECT ${key} AS k, any_value(${name}) AS v, count(*) AS n FROM ${table} WHERE ${where} GROUP BY 1)
    SELECT ${number}, ${value}, n, (SELECT count(*) FROM g) FROM g ORDER BY n DESC, k LIMIT ${topValues})`;
}

async function amongCommonest(session: Session, { key }: Measured, table: string): Promise<string> {
  const name = await createTable(
    session,
    `SELECT unnest(approx_top_k(${key}, ${topValues})) AS k FROM ${table}`,
  );
  return `${key} IN (SELECT k FROM ${name})`;
}

type Histogram = FieldStatistics["histogram"];

async function histogramsOf(
  session: Session,
  scalars: readonly Scalars[],
  { table }: Table,
): Promise<ReadonlyMap<number, Histogram>> {
  const scales = scalars.flatMap((each, i) => {
    const scale = scaleOf(each);
    return scale ? [{ i, ...scale }] : [];
  });
  if (scales.length === 0) return new Map();
  const questions = scales.map(
    ({ i, axis, from, width, last }) =>
      `SELECT ${i} AS i, CAST(greatest(0, least(${last}, floor((${axis.sql} - ${from}) / ${width}))) AS INTEGER) AS bin, count(*) AS n FROM ${table} WHERE isfinite(${axis.sql}) GROUP BY 2`,
  );
  const counts = new Map(
    (await query(session, questions.join(" UNION ALL "))).map(([i, bin, n]) => [`${i} ${bin}`, Number(n)]),
  );
  return new Map(
    scales.map((scale) => [scale.i, binsOf(scale, (bin) => counts.get(`${scale.i} ${bin}`) ?? 0)]),
  );
}

interface Scale {
  readonly axis: Axis;
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Number of the last bin, from 0. */
  readonly last: number;
}

/** Bins of whole width where only whole numbers are values. */
function scaleOf({ measured: { axis }, ends }: Scalars): Scale | undefined {
  if (axis === undefined || ends === null) return undefined;
  const { from, to } = ends;
  if (from === to) return { axis, from, to, width: 1, last: 0 };
  if (!axis.isWhole) return { axis, from, to, width: (to - from) / bins, last: bins - 1 };
  const width = Math.ceil((to - from + 1) / bins);
  return { axis, from, to, width, last: Math.floor((to - from) / width) };
}

function binsOf({ axis, from, to, width, last }: Scale, countOf: (bin: number) => number): Histogram {
  return Array.from({ length: last + 1 }, (_, bin) => ({
    from: axis.text(from + bin * width),
    to: axis.text(bin === last ? to : from + (bin + 1) * width),
    count: countOf(bin),
  }));
}
