import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";
import { freePort } from "../../src/sql/embedded-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the factory under test listens. */
    factoryUrl: string;
    /** The folder of its database and files. */
    dataFolder: string;
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the pages, starts a factory on a free port with a data folder of its own; gives what stops it again. */
export default async function startFactory(project: TestProject): Promise<() => Promise<void>> {
  await build({ configFile: join(root, "ui/vite.config.ts"), logLevel: "error" });
  const data = await mkdtemp(join(tmpdir(), "aircan-browser-"));
  const port = await freePort();
  const options = ["--port", String(port), "--data", data, "--dags", "test/browser/dags"];
  const server = spawn(process.execPath, ["bin/aircan.js", "serve", ...options], {
    cwd: root,
    env: { ...process.env, AIRCAN_ALLOW_PRIVATE_URLS: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = collect(server);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    server.kill("SIGTERM");
    const giveUp = setTimeout(() => server.kill("SIGKILL"), 10_000);
    if (server.exitCode === null) await once(server, "exit");
    clearTimeout(giveUp);
    await rm(data, { recursive: true, force: true });
  };
  await untilReady(url, server, said).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  project.provide("factoryUrl", url);
  project.provide("dataFolder", data);
  return stop;
}

function collect(server: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [server.stdout, server.stderr])
    stream?.on("data", (chunk) => chunks.push(String(chunk)));
  return () => chunks.join("");
}

async function untilReady(url: string, server: ChildProcess, said: () => string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (server.exitCode !== null) throw new Error(`aircan serve ended with ${server.exitCode}:\n${said()}`);
    const response = await fetch(`${url}/ready`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`aircan serve is not ready after a minute:\n${said()}`);
}
