import { fullSchema, generateBad } from "./full-schema.ts";
import { generate } from "./generate.ts";
import { compare, type Figure, type Measurement, measure, measureCommand, seconds } from "./measure.ts";
import { python } from "./peers/python.ts";
import { wideTable } from "./wide-table.ts";

/** frictionless-py reads this share of the rows; its pace is the same from first to last. */
const peerShare = 10;

type Flat = readonly (readonly unknown[])[];

/** V1: a clean file by a full schema, against frictionless-py. */
export function v1(rows: number, rounds: number): Promise<Figure> {
  return figure("V1", { rows, rounds, reach: 30, generate });
}

/** V2: the same with bad cells, whose errors must be the same. */
export function v2(rows: number, rounds: number): Promise<Figure> {
  return figure("V2", { rows, rounds, reach: 12, generate: generateBad });
}

interface Validating {
  readonly rows: number;
  readonly rounds: number;
  readonly reach: number;
  readonly generate: (rows: number) => Promise<string>;
}

async function figure(id: "V1" | "V2", { rows, rounds, reach, generate }: Validating): Promise<Figure> {
  const peerRows = Math.max(1, Math.round(rows / peerShare));
  const [source, part, schema] = [await generate(rows), await generate(peerRows), fullSchema()];
  const { ours, theirs } = await compare(
    rounds,
    () => ourRun(source, schema),
    () => peerRun(part, schema),
  );
  const same = isSame((await ourRun(part, schema)).stdout, theirs.stdout);
  const ratio = theirs.seconds / peerRows / (ours.seconds / rows);
  const pace = (count: number, run: Measurement) => `${Math.round(count / run.seconds / 1000)} k rows/s`;
  return {
    id,
    title: id === "V1" ? "validate, clean, full schema" : "validate, 0.5 % bad cells",
    measured: `${seconds(ours.seconds)}, ${pace(rows, ours)}`,
    yardstick: `frictionless-py on ${peerRows} rows: ${seconds(theirs.seconds)}, ${pace(peerRows, theirs)}; errors ${same ? "the same" : "differ"}`,
    ratio: `${ratio.toFixed(1)} × faster`,
    reach: `≥ ${reach} ×, same errors`,
    reached: ratio >= reach && same,
    peak: ours.peak,
  };
}

const allErrors = "1000000000";

/** A report with errors ends with code 1, which is no failure here. */
function ourRun(source: string, schema: string): Promise<Measurement> {
  const options = ["--schema", schema, "--trusted", "--json", "--limit-errors", allErrors];
  return measure(["bin/aircan.js", "validate", source, ...options], { isDone: (code) => code <= 1 });
}

function peerRun(source: string, schema: string): Promise<Measurement> {
  return measureCommand(python(), ["bench/peers/validate_frictionless.py", source, schema]);
}

/** Whether both found the same errors, as `[row, field, type]` in any order. */
function isSame(report: string, flat: string): boolean {
  const ours: Flat = JSON.parse(report).tasks[0].errors.map(
    (error: { rowNumber?: number; fieldNumber?: number; type: string }) => [
      error.rowNumber ?? null,
      error.fieldNumber ?? null,
      error.type,
    ],
  );
  const sorted = (errors: Flat) =>
    errors
      .map((error) => JSON.stringify(error))
      .sort()
      .join();
  return sorted(ours) === sorted(JSON.parse(flat));
}

/** V4: a header of thousands of columns. */
export async function v4(): Promise<Figure> {
  const { source, schema } = await wideTable();
  const { ours, theirs } = await compare(
    1,
    () => measure(["bin/aircan.js", "validate", source, "--schema", schema, "--trusted", "--json"]),
    () => peerRun(source, schema),
  );
  return {
    id: "V4",
    title: "validate 9,074 columns × 3 rows, whole process",
    measured: seconds(ours.seconds),
    yardstick: `frictionless-py: ${seconds(theirs.seconds)}`,
    ratio: `${(theirs.seconds / ours.seconds).toFixed(1)} × faster`,
    reach: "under 1 s",
    reached: ours.seconds < 1,
    peak: ours.peak,
  };
}
