import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../src/sql/embedded-server.ts";

/** `npm start` as a new user sees it: ready, the sample loaded by a real run, stopped by Ctrl-C within two seconds. */
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const started = Date.now();
const server = spawn("npm", ["start"], {
  env: { ...process.env, PORT: String(port) },
  stdio: ["ignore", "inherit", "inherit"],
  detached: true,
});
const ended = once(server, "exit");
const group = -(server.pid ?? 0);

try {
  await until("/ready answers", async () => (await fetch(`${url}/ready`)).ok);
  console.log(`ready after ${seconds()} s`);
  await until("the sample is loaded", async () => {
    const { items } = await (await fetch(`${url}/api/runs`)).json();
    const failed = items.find((run: { status: string }) => run.status === "FAILED");
    if (failed) throw new Error(`the sample's run failed: ${JSON.stringify(failed)}`, { cause: "final" });
    return items.some((run: { status: string }) => run.status === "DONE");
  });
  console.log(`sample loaded after ${seconds()} s`);
  const stopped = Date.now();
  process.kill(group, "SIGINT");
  await Promise.race([
    ended,
    pause(10_000).then(() => {
      throw new Error("npm start did not stop on SIGINT");
    }),
  ]);
  const left = await leftOver();
  console.log(`stopped in ${Date.now() - stopped} ms`);
  if (Date.now() - stopped > 2000) throw new Error("stopping took more than two seconds");
  if (left.length > 0) throw new Error(`left running: ${left.join("; ")}`);
} catch (error) {
  console.error(error);
  try {
    process.kill(group, "SIGKILL");
  } catch {}
  process.exitCode = 1;
}

async function until(what: string, test: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (server.exitCode !== null) throw new Error(`npm start ended with ${server.exitCode} before ${what}`);
    const done = await test().catch((error: Error) => {
      if (error.cause === "final") throw error;
      return false;
    });
    if (done) return;
    await pause(100);
  }
  throw new Error(`a minute went by before ${what}`);
}

function seconds(): string {
  return ((Date.now() - started) / 1000).toFixed(1);
}

/** Command lines of processes that still work in this checkout. */
async function leftOver(): Promise<string[]> {
  const folder = process.cwd();
  return readdirSync("/proc")
    .filter((id) => /^\d+$/.test(id) && Number(id) !== process.pid)
    .flatMap((id) => {
      try {
        const line = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return line.includes(`${folder}/`) && !line.includes("try-start") ? [line] : [];
      } catch {
        return [];
      }
    });
}
