import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One run of a command: wall time in seconds, peak memory in bytes (of the process itself), what it printed. */
export interface Measurement {
  readonly seconds: number;
  readonly peak: number;
  readonly stdout: string;
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What was measured, against what, as people read it. */
  readonly measured: string;
  readonly yardstick: string;
  /** Such as `1.21 ×`. */
  readonly ratio: string;
  readonly reach: string;
  readonly reached: boolean;
  /** Peak memory of ours, in bytes; 0 where it says nothing. */
  readonly peak: number;
}

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs `node args…` and waits for its end. @throws Error with its output if it fails. */
export function measure(args: readonly string[], options: Measuring = {}): Promise<Measurement> {
  return measureCommand(process.execPath, args, options);
}

export interface Measuring {
  readonly env?: Readonly<Record<string, string>>;
  /** Which exit codes are no failure; 0 unless told. */
  readonly isDone?: (code: number) => boolean;
}

/** Runs a command and waits for its end. @throws Error with its output if it fails. */
export async function measureCommand(
  command: string,
  args: readonly string[],
  { env = {}, isDone = (code) => code === 0 }: Measuring = {},
): Promise<Measurement> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr, peak] = ["", "", 0];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid ?? 0));
  }, 10);
  const code = await new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  if (!isDone(code)) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
  return { seconds, peak, stdout };
}

/** The most memory that a process has held so far, as Linux counts it; 0 elsewhere. */
export function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** The two alternately, so that both meet the same machine; the medians of each. */
export async function compare(
  rounds: number,
  ours: () => Promise<Measurement>,
  theirs: () => Promise<Measurement>,
): Promise<{ readonly ours: Measurement; readonly theirs: Measurement }> {
  const all = { ours: [] as Measurement[], theirs: [] as Measurement[] };
  for (let round = 0; round < rounds; round++) {
    all.theirs.push(await theirs());
    all.ours.push(await ours());
  }
  return { ours: median(all.ours), theirs: median(all.theirs) };
}

/** The run with the median time, and the highest peak of all. */
export function median(runs: readonly Measurement[]): Measurement {
  const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[runs.length >> 1];
  if (!middle) throw new Error("nothing was measured");
  return { ...middle, peak: Math.max(...runs.map(({ peak }) => peak)) };
}

export const seconds = (value: number): string => `${value.toFixed(2)} s`;
export const times = (value: number): string => `${value.toFixed(2)} ×`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
