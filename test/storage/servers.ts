import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const environment = process.env.AIRCAN_STORAGE_SERVERS ?? here("../../node_modules/.cache/storage-servers");
const python = `${environment}/bin/python`;

const places = z.object({
  s3: z.object({ endpoint: z.url(), id: z.string(), secret: z.string() }),
  gcs: z.object({ endpoint: z.url() }),
  ftp: z.object({ plain: z.number(), tls: z.number(), certificate: z.string() }),
});

/** Where the servers are. */
export function servers(): z.output<typeof places> {
  return places.parse(JSON.parse(process.env.AIRCAN_TEST_SERVERS ?? "{}"));
}

/** Starts the servers for a run of tests, and installs them the first time. Needs Python 3 with `venv`. */
export default async function start(): Promise<() => Promise<void>> {
  if (!existsSync(`${environment}/installed`)) await install();
  const child = spawn(python, [here("servers.py")], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = once(child, "exit");
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    ended.then(([code]) => Promise.reject(new Error(`The servers ended with code ${code}.`))),
  ]);
  process.env.AIRCAN_TEST_SERVERS = String(line);
  return async () => {
    child.stdin.end();
    await ended;
  };
}

async function install(): Promise<void> {
  await run("python3", ["-m", "venv", environment]);
  await run(python, ["-m", "pip", "install", "--quiet", "-r", here("requirements.txt")]);
  await run("touch", [`${environment}/installed`]);
}
