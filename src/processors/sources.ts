import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { Temporal } from "../base/temporal.ts";
import type { Field, FieldType, Schema } from "../descriptor/types.ts";
import { defineProcessor } from "../flow/define.ts";
import { rows } from "../plan/build.ts";

const sampleRows = 1000;
type Table = Iterable<unknown> | AsyncIterable<unknown>;

/** Tables of JavaScript: arrays, iterables and async iterables of objects or arrays. */
export const sources = defineProcessor({
  name: "sources",
  title: "Sources",
  summary:
    "Tables given in the flow itself; fields and types come from the first rows (all rows of an array).",
  category: "source",
  safe: true,
  arguments: ["sources"],
  config: z.strictObject({
    sources: z
      .array(
        z.custom<Table>(
          (value) =>
            typeof value === "object" &&
            value !== null &&
            (Symbol.iterator in value || Symbol.asyncIterator in value),
          "a table: a list of objects",
        ),
      )
      .min(1)
      .describe("Tables, each a list of rows."),
    name: z
      .string()
      .min(1)
      .optional()
      .describe("Name of the resource, if there is one table; else `res_1`, `res_2` …"),
  }),
  examples: [
    {
      title: "Two rows",
      input: {},
      config: { sources: [[{ a: 1 }, { a: 2 }]], name: "t" },
      output: { t: [{ a: 1 }, { a: 2 }] },
    },
    {
      title: "Rows that are lists",
      input: {},
      config: { sources: [[[1, "x"]]], name: "t" },
      output: { t: [{ col0: 1, col1: "x" }] },
    },
    {
      title: "Something that is no row",
      input: {},
      config: { sources: [[1, 2]], name: "t" },
      output: { error: "step-error" },
    },
  ],
  plan: async (input, config, { at, signal }) => {
    const resources = [...input.resources];
    for (const table of config.sources) {
      const name =
        config.sources.length === 1 && config.name
          ? config.name
          : freeName(resources.map(({ descriptor }) => descriptor.name));
      const opened = await peek(table, { step: at.step, signal });
      const schema = schemaOf(opened.sample);
      resources.push({
        descriptor: { name, type: "table", path: `${name}.csv`, schema },
        relation: rows(opened.open, schema, at),
      });
    }
    return { ...input, resources };
  },
});

function freeName(taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n++) if (!taken.includes(`res_${n}`)) return `res_${n}`;
}

interface Peeked {
  readonly sample: readonly object[];
  readonly open: () => AsyncIterable<object>;
}

/** The first rows, and a way to read all: arrays again and again, others once. */
async function peek(table: Table, place: Place): Promise<Peeked> {
  const sample: object[] = [];
  const enough = Array.isArray(table) ? Number.POSITIVE_INFINITY : sampleRows;
  const iterator = Symbol.asyncIterator in table ? table[Symbol.asyncIterator]() : table[Symbol.iterator]();
  let done = false;
  while (sample.length < enough && !done) {
    const next = await unlessAborted(iterator.next(), place.signal);
    if (next.done) done = true;
    else sample.push(rowOf(next.value, sample.length + 1, place.step));
  }
  return { sample, open: () => continued(sample, { ...place, iterator, done }) };
}

interface Place {
  readonly step: string;
  readonly signal: AbortSignal;
}

interface Rest extends Place {
  readonly iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly done: boolean;
}

async function* continued(
  sample: readonly object[],
  { iterator, done, step, signal }: Rest,
): AsyncIterable<object> {
  yield* sample;
  for (let count = sample.length; !done; ) {
    const next = await unlessAborted(iterator.next(), signal);
    if (next.done) return;
    count++;
    yield rowOf(next.value, count, step);
  }
}

/** The value; a wait for it ends with the signal, however long the source takes. */
function unlessAborted<Value>(value: Value | Promise<Value>, signal: AbortSignal): Value | Promise<Value> {
  if (!(value instanceof Promise)) return value;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new AirCanError("interrupted", "The run was cancelled."));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function rowOf(item: unknown, row: number, step: string): object {
  if (Array.isArray(item)) return Object.fromEntries(item.map((cell: unknown, i) => [`col${i}`, cell]));
  if (typeof item === "object" && item !== null) return item;
  throw new AirCanError(
    "step-error",
    `Row ${row} of the table in step ${step} is ${JSON.stringify(item)}, which is no object.`,
    { where: { step, row } },
  );
}

function schemaOf(sample: readonly object[]): Schema {
  const seen = new Map<string, Set<FieldType>>();
  for (const row of sample) {
    for (const [name, value] of Object.entries(row)) {
      const types = seen.get(name) ?? new Set();
      seen.set(name, types);
      if (value !== null && value !== undefined) types.add(typeOfValue(value));
    }
  }
  const fields = [...seen].map(([name, types]): Field => ({ name, type: commonType(types) }));
  return {
    fields: fields.map((field) =>
      field.type === "datetime"
        ? { ...field, zoned: sample.some((row) => isInstant(Reflect.get(row, field.name))) }
        : field,
    ),
    missingValues: [""],
  };
}

const isInstant = (value: unknown) => value instanceof Temporal.Instant || value instanceof Date;

function typeOfValue(value: unknown): FieldType {
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "boolean") return "boolean";
  if (typeof value !== "object" || value === null) return "string";
  if (value instanceof Temporal.PlainDate) return "date";
  if (value instanceof Temporal.PlainTime) return "time";
  if (value instanceof Temporal.PlainDateTime || isInstant(value)) return "datetime";
  if (value instanceof Temporal.PlainYearMonth) return "yearmonth";
  if (value instanceof Temporal.Duration) return "duration";
  return Array.isArray(value) ? "array" : "object";
}

function commonType(types: ReadonlySet<FieldType>): FieldType {
  const [only] = types;
  if (types.size === 1 && only) return only;
  if (types.size === 2 && types.has("integer") && types.has("number")) return "number";
  return types.size === 0 ? "string" : "any";
}
