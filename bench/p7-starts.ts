import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../src/sql/embedded-server.ts";
import { dataFolder, generate } from "./generate.ts";
import { type Figure, type Measurement, measure, median, peakOf, root, seconds } from "./measure.ts";

/** P7: how long one waits: for the version, for the first rows of a large file, for a server that is ready. */
export async function p7(rows: number, rounds: number): Promise<Figure[]> {
  const source = await generate(rows);
  const data = mkdtempSync(`${dataFolder}serve-`);
  try {
    const version = await repeat(rounds, () => measure(["bin/aircan.js", "--version"]));
    const show = await repeat(rounds, () => measure(["bin/aircan.js", "show", source, "--json"]));
    const first = await untilReady(data);
    const cold = await repeat(rounds, () => untilReady(data));
    return [
      figure("`aircan --version`", version, 0.2),
      figure("`aircan show` of the file", show, 1),
      figure(
        "server: cold start to /ready",
        cold,
        3,
        `first start with an empty data folder: ${seconds(first.seconds)}`,
      ),
    ];
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function figure(title: string, run: Measurement, limit: number, yardstick = "–"): Figure {
  return {
    id: "P7",
    title,
    measured: seconds(run.seconds),
    yardstick,
    ratio: "–",
    reach: `≤ ${limit} s`,
    reached: run.seconds <= limit,
    peak: run.peak,
  };
}

async function repeat(rounds: number, once: () => Promise<Measurement>): Promise<Measurement> {
  const runs: Measurement[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await once());
  return median(runs);
}

/** Starts a server on the data folder, waits for /ready, and stops it again. */
async function untilReady(data: string): Promise<Measurement> {
  const port = await freePort();
  const started = performance.now();
  const server = spawn(process.execPath, ["bin/aircan.js", "serve", "--port", String(port), "--data", data], {
    cwd: root,
    stdio: "ignore",
  });
  const ended = once(server, "exit");
  try {
    while (!(await answers(port))) {
      if (server.exitCode !== null) throw new Error(`aircan serve ended with ${server.exitCode}`);
      if (performance.now() - started > 60_000) throw new Error("aircan serve is not ready after a minute");
      await pause(10);
    }
    return { seconds: (performance.now() - started) / 1000, peak: peakOf(server.pid ?? 0), stdout: "" };
  } finally {
    server.kill("SIGINT");
    await ended;
  }
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined);
  return response?.ok ?? false;
}
