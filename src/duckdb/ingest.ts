import type { DuckDBAppender } from "@duckdb/node-api";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { Field } from "../descriptor/types.ts";
import type { Row, RowsRelation, TransformRelation } from "../plan/relation.ts";
import { usualType } from "./cell.ts";
import { place } from "./scan.ts";
import { query } from "./session.ts";
import { identifier } from "./sql.ts";
import type { RunState } from "./state.ts";
import { fromWire, toWire, type Wire, type WireValue, wireOf, writtenType } from "./wire.ts";

const rowsPerFlush = 20_000;

interface Target {
  readonly field: Field;
  readonly type: string;
  readonly wire: Wire;
  readonly convert: (value: unknown) => WireValue;
}

/**
 * Puts rows from JavaScript into a table of the run, where SQL reads them. Integers that no BIGINT holds
 * make their column wide.
 */
export async function ingestRows(
  state: RunState,
  relation: RowsRelation | TransformRelation,
  rows: Iterable<object> | AsyncIterable<object>,
): Promise<void> {
  const { session } = state;
  const targets = relation.schema.fields.map(targetOf);
  const raw = `aircan_${session.nextNumber()}`;
  const columns = targets.map(({ wire }, i) => `c${i} ${wire}`);
  await query(session, `CREATE TABLE ${raw} (${["n BIGINT", ...columns].join(", ")})`);
  const appender = await session.connection.createAppender(raw);
  let count = 0;
  for await (const row of rows) {
    if (session.signal.aborted) throw new AirCanError("interrupted", "The run was cancelled.");
    count++;
    appendRow(appender, targets, { relation, row, count });
    if (count % rowsPerFlush === 0) appender.flushSync();
  }
  appender.closeSync();
  await keepTyped(state, relation, { raw, targets });
}

/** Integers cross as text, so that none is too large; what they need is found when all are there. */
function targetOf(field: Field): Target {
  const type = field.type === "integer" ? "VARCHAR" : writtenType(field);
  return { field, type, wire: wireOf(type), convert: toWire(field, type) };
}

interface Appending {
  readonly relation: RowsRelation | TransformRelation;
  readonly row: unknown;
  readonly count: number;
}

function appendRow(
  appender: DuckDBAppender,
  targets: readonly Target[],
  { relation, row, count }: Appending,
): void {
  try {
    if (typeof row !== "object" || row === null)
      throw new Error(`a row must be an object, not ${String(row)}`);
    const values = targets.map(({ field, convert }) => convert((row as Row)[field.name])); // an object by the line above
    appender.appendBigInt(BigInt(count));
    for (const value of values) appendValue(appender, value);
    appender.endRow();
  } catch (error) {
    const { at } = relation;
    throw new AirCanError(
      "data-error",
      `Row ${count} of step ${at.step} (${at.processor}): ${messageOf(error)}.`,
      {
        hint: "Correct the row, or give the source a schema that fits.",
        where: { step: at.step, processor: at.processor, row: count },
      },
    );
  }
}

function appendValue(appender: DuckDBAppender, value: WireValue): void {
  if (value === null) appender.appendNull();
  else if (typeof value === "string") appender.appendVarchar(value);
  else if (typeof value === "number") appender.appendDouble(value);
  else if (typeof value === "bigint") appender.appendBigInt(value);
  else appender.appendBoolean(value);
}

/** The rows in a table with the columns of the relation and their numbers as places. */
async function keepTyped(
  state: RunState,
  relation: RowsRelation | TransformRelation,
  { raw, targets }: { readonly raw: string; readonly targets: readonly Target[] },
): Promise<void> {
  const { session } = state;
  const types = await Promise.all(targets.map(async (target, i) => finalType(state, raw, { target, i })));
  const values = targets.map(({ field }, i) => {
    const type = types[i] ?? usualType(field);
    const cell = field.type === "integer" ? `CAST(c${i} AS ${type})` : fromWire(`c${i}`, field, type);
    return `${cell} AS ${identifier(field.name)}`;
  });
  const places = `n AS ${identifier(place.row)}, CAST(NULL AS BIGINT) AS ${identifier(place.line)}, CAST(NULL AS BIGINT) AS ${identifier(place.byte)}`;
  const name = `aircan_${session.nextNumber()}`;
  await query(session, `CREATE VIEW ${name} AS SELECT ${[places, ...values].join(", ")} FROM ${raw}`);
  const columns = targets.map(({ field }, i) => ({ field, type: types[i] ?? usualType(field) }));
  state.tables.set(relation, { name, columns, placed: true });
}

async function finalType(
  { session }: RunState,
  raw: string,
  { target, i }: { readonly target: Target; readonly i: number },
): Promise<string> {
  if (target.field.type !== "integer") return writtenType(target.field);
  const lost = (type: string) => `count(*) FILTER (c${i} IS NOT NULL AND TRY_CAST(c${i} AS ${type}) IS NULL)`;
  const [row = []] = await query(session, `SELECT ${lost("BIGINT")}, ${lost("HUGEINT")} FROM ${raw}`);
  return Number(row[0]) === 0 ? "BIGINT" : Number(row[1]) === 0 ? "HUGEINT" : "VARCHAR";
}
