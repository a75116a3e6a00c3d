import { z } from "zod";
import type { Field } from "../../descriptor/types.ts";
import { type CheckedTable, defineCheck } from "../definition.ts";
import type { Distribution } from "../report.ts";
import { constant, name, textOf } from "../sql.ts";
import { isNumber } from "../values.ts";

/** Numbers fall between deciles; of other values the commonest are counted, and the rest together. */
const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const mostValues = 20;
/** Stands for a share of none, whose logarithm there is not. */
const least = 0.0001;

/**
 * How far the values of a field have moved since the last run, by the population stability index
 * Σ (p − q) ln (p / q) over classes of the run before. Below 0.1 is calm, above 0.25 is a shift.
 */
export const distributionDrift = defineCheck({
  name: "distribution-drift",
  level: "table",
  config: z.strictObject({
    fieldName: z.string().describe("the field"),
    threshold: z.number().positive().default(0.25).describe("the index above which it is told"),
  }),
  example: { fieldName: "price", threshold: 0.25 },
  find: async ({ fieldName, threshold }, table) => {
    const field = table.field(fieldName);
    table.remember(fieldName, await distributionOf(field, await classesOf(field, table), table));
    const before = table.before?.stats.distributions?.[fieldName];
    if (before === undefined || isNumber(field) !== "edges" in before.classes) return;
    const now = await distributionOf(field, before.classes, table);
    const index = driftOf(before.shares, now.shares);
    if (index <= threshold) return;
    table.report(
      `The values of "${fieldName}" are not distributed as in the last run: the index is ${index.toFixed(2)}, and at most ${threshold} may be. ${shiftOf(before, now)}`,
      { fieldName, expected: `an index of at most ${threshold}` },
    );
  },
});

/** The classes that a field's values of today fall into. */
async function classesOf(field: Field, table: CheckedTable): Promise<Distribution["classes"]> {
  const t = await table.sqlName();
  if (isNumber(field)) {
    const value = `TRY_CAST(${name(field.name)} AS DOUBLE)`;
    const asked = deciles.map((share, i) => `quantile_cont(${value}, ${share}) AS q${i}`);
    const [answer] = await table.ask(`SELECT ${asked.join(", ")} FROM ${t} WHERE isfinite(${value})`);
    const edges = deciles.map((_, i) => Number(answer?.[`q${i}`] ?? 0));
    return { edges: [...new Set(edges)] };
  }
  const top = await table.ask(
    `SELECT left(${textOf(field.name)}, 100) AS value FROM ${t} WHERE ${name(field.name)} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${mostValues}`,
  );
  return { values: top.map(({ value }) => String(value)) };
}

/** The share of the field's values in each class, of those without a value last. */
async function distributionOf(
  field: Field,
  classes: Distribution["classes"],
  table: CheckedTable,
): Promise<Distribution> {
  const value = name(field.name);
  const tests =
    "edges" in classes
      ? [...classes.edges, null].map((edge, i) => {
          const below = edge === null ? "true" : `TRY_CAST(${value} AS DOUBLE) <= ${edge}`;
          const above = i === 0 ? "true" : `TRY_CAST(${value} AS DOUBLE) > ${classes.edges[i - 1]}`;
          return `${value} IS NOT NULL AND ${below} AND ${above}`;
        })
      : [
          ...classes.values.map((each) => `left(${textOf(field.name)}, 100) = ${constant(each)}`),
          `left(${textOf(field.name)}, 100) NOT IN ('', ${classes.values.map(constant).join(", ") || "''"})`,
        ];
  const asked = [...tests, `${value} IS NULL`].map((test, i) => `count(*) FILTER (${test}) AS n${i}`);
  const [answer] = await table.ask(`SELECT count(*) AS n, ${asked.join(", ")} FROM ${await table.sqlName()}`);
  const all = Number(answer?.n ?? 0) || 1;
  return { classes, shares: asked.map((_, i) => Number(answer?.[`n${i}`] ?? 0) / all) };
}

function driftOf(before: readonly number[], now: readonly number[]): number {
  return before.reduce((sum, share, i) => {
    const [q, p] = [Math.max(share, least), Math.max(now[i] ?? 0, least)];
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

/** The class whose share has changed most, in words. */
function shiftOf({ classes, shares }: Distribution, now: Distribution): string {
  const changes = shares.map((share, i) => Math.abs((now.shares[i] ?? 0) - share));
  const i = changes.indexOf(Math.max(...changes));
  const percent = (share = 0) => `${Math.round(share * 1000) / 10} %`;
  return `The share of ${classText(classes, i)} was ${percent(shares[i])} and is ${percent(now.shares[i])}.`;
}

function classText(classes: Distribution["classes"], i: number): string {
  if ("values" in classes) {
    const known = classes.values[i];
    if (known !== undefined) return `"${known}"`;
    return i === classes.values.length ? "other values" : "empty cells";
  }
  const [from, to] = [classes.edges[i - 1], classes.edges[i]];
  if (from === undefined && to === undefined) return i === 0 ? "numbers" : "empty cells";
  if (i > classes.edges.length) return "empty cells";
  if (from === undefined) return `numbers up to ${to}`;
  return to === undefined ? `numbers above ${from}` : `numbers from ${from} to ${to}`;
}
