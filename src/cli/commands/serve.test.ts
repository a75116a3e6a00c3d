import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";

const bin = fileURLToPath(new URL("../../../bin/aircan.js", import.meta.url));

// processes are started, which takes its time on a machine that has much else to do
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aircan-serve-"));
  // as root PostgreSQL runs as another user, who must be able to enter
  await chmod(folder, 0o755);
  data = join(folder, "data");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(args: readonly string[], input = ""): ChildProcess {
  const env = { ...process.env, AIRCAN_DATA: data, NO_COLOR: "1" };
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env, stdio: "pipe" });
  child.stdin?.end(input);
  return child;
}

/** Runs a command to its end. */
async function aircan(args: readonly string[], input = "") {
  const child = start(args, input);
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    once(child, "exit"),
  ]);
  return { code, stdout, stderr };
}

/** The JSON document that a command prints. */
async function json(args: readonly string[], input = "") {
  const { code, stdout, stderr } = await aircan([...args, "--json"], input);
  return { code, stderr, document: JSON.parse(stdout) };
}

/** Starts a factory; gives it when it has said where it is. */
async function serve(args: readonly string[] = []) {
  const child = start(["serve", "--port", "0", "--json", ...args]);
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  });
  let said = "";
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const document = await new Promise<{ url: string; pid: number; sample?: { url: string; run_id: string } }>(
    (resolve, reject) => {
      child.stdout?.on("data", (chunk) => {
        said += chunk;
        if (said.trimEnd().endsWith("\n}")) resolve(JSON.parse(said));
      });
      child.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${errors}`)));
    },
  );
  const stop = async (signal: NodeJS.Signals = "SIGINT") => {
    child.kill(signal);
    const [code] = await once(child, "exit");
    return code;
  };
  return { document, stop, errors: () => errors };
}

/** JSON that a factory answers. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
async function get(url: string): Promise<any> {
  return (await fetch(url)).json();
}

async function postgresPid(): Promise<number> {
  return Number((await readFile(join(data, "postgres/data/postmaster.pid"), "utf8")).split("\n")[0]);
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("commands find the factory of their data folder, and Ctrl-C leaves nothing running", async () => {
  const { document, stop } = await serve();
  const ready = await fetch(`${document.url}/ready`);
  expect([ready.status, (await json(["dags", "list"])).document.total]).toEqual([200, 3]);

  const again = await json(["serve", "--port", "0"]);
  expect([again.code, again.document.error.code, again.document.error.message]).toEqual([
    2,
    "data-folder-error",
    `A factory of ${data} runs already: ${document.url}`,
  ]);

  const secret = await json(["secrets", "set", "key"], "hidden\n");
  expect([secret.code, (await json(["secrets", "list"])).document.items[0].name]).toEqual([0, "key"]);

  expect((await json(["schedules", "list"])).document).toEqual({ items: [], next_cursor: null, total: 0 });
  const unknown = await json(["schedules", "pause", "nothing"]);
  expect([unknown.code, unknown.document.error.code]).toEqual([2, "not-found"]);

  const { document: token } = await json(["tokens", "create", "mine", "--scopes", "admin"]);
  const denied = await json(["runs", "list"]);
  expect([denied.code, denied.document.error.code]).toEqual([2, "unauthorized"]);
  expect((await json(["runs", "list", "--token", token.token])).document).toEqual({
    items: [],
    next_cursor: null,
    total: 0,
  });
  expect((await aircan(["tokens", "revoke", token.id, "--token", token.token])).code).toBe(0);

  const postgres = await postgresPid();
  expect(isAlive(postgres)).toBe(true);
  expect(await stop()).toBe(0);
  expect([isAlive(document.pid), isAlive(postgres)]).toEqual([false, false]);
  await expect(access(join(data, "server.json"))).rejects.toThrow();
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s that arrives twice, as `timeout` and npm pass it on, leaves nothing running",
  async (signal) => {
    const { document, stop } = await serve();
    const postgres = await postgresPid();
    const stopped = stop(signal);
    setTimeout(() => isAlive(document.pid) && process.kill(document.pid, signal), 10);
    expect(await stopped).toBe(0);
    expect([isAlive(document.pid), isAlive(postgres)]).toEqual([false, false]);
  },
);

test("commands work without a factory, and what they start waits for one", async () => {
  const { document: dags } = await json(["dags", "list"]);
  expect(dags.items.map(({ id }: { id: string }) => id)).toEqual(["flow", "load", "validate"]);
  const flow = JSON.stringify({ flow: [{ sources: { sources: [[{ a: 1 }]] } }] });
  const triggered = await json(["dags", "trigger", "flow", "--conf", flow, "--note", "early"]);
  expect([triggered.code, triggered.document.status]).toEqual([0, "WAITING"]);
  expect(triggered.stderr).toContain("waits for the next one");
  const id = triggered.document.run_id;

  const { stop } = await serve();
  const logs = await json(["runs", "logs", "-f", id]);
  expect(logs.code).toBe(0);
  const { document: run } = await json(["runs", "show", id]);
  expect([run.status, run.note, run.task_list.map(({ status }: { status: string }) => status)]).toEqual([
    "DONE",
    "early",
    ["DONE"],
  ]);
  const failed = await json([
    "dags",
    "trigger",
    "load",
    "--wait",
    "--conf",
    '{"name": "x", "resource": {"path": "none.csv"}}',
  ]);
  expect([failed.code, failed.document.status, failed.document.error.code]).toEqual([
    1,
    "FAILED",
    "scheme-error",
  ]);
  expect((await json(["jobs", "list", "--status", "FAILED"])).document.total).toBe(1);
  expect((await aircan(["runs", "list"])).stdout).toContain(id);
  expect(await stop("SIGTERM")).toBe(0);
});

test("the sample is loaded once, by a real run", async () => {
  const first = await serve(["--sample"]);
  const { url, sample } = first.document;
  const run = await get(`${url}/api/runs/${sample?.run_id}`);
  expect(run).toMatchObject({ status: "DONE", dag: "load", dataset: "sample/earthquakes", attempt: 1 });
  expect(sample?.url).toBe(`${url}/@sample/earthquakes/actions/runs/${run.id}`);
  const report = await get(`${url}/api/runs/${run.id}/report`);
  expect(report.stats).toMatchObject({ tasks: 1, errors: 10 });
  const rows = await get(`${url}/api/3/action/datastore_search?resource_id=earthquakes&limit=0`);
  expect(rows.result.total).toBe(1698);
  await first.stop();

  const second = await serve(["--sample"]);
  expect(second.document.sample?.run_id).toBe(run.id);
  const runs = await get(`${second.document.url}/api/runs?dataset=sample/earthquakes`);
  expect([runs.total, runs.items[0].ended]).toEqual([1, run.ended]);
  await second.stop();
});

test("a worker of its own does what a factory without one accepts", async () => {
  const { stop } = await serve(["--no-worker"]);
  const flow = JSON.stringify({ flow: [{ sources: { sources: [[{ a: 1 }]] } }] });
  const { document } = await json(["dags", "trigger", "flow", "--conf", flow]);
  expect((await json(["runs", "show", document.run_id])).document.status).toBe("WAITING");
  const worker = start(["worker", "--concurrency", "1"]);
  await json(["runs", "logs", "-f", document.run_id]);
  expect((await json(["runs", "show", document.run_id])).document.status).toBe("DONE");
  worker.kill("SIGINT");
  expect((await once(worker, "exit"))[0]).toBe(0);
  expect(await stop()).toBe(0);
});

test("commands that begin at one moment, on a folder that is not there yet, all work", async () => {
  const fresh = join(folder, "fresh");
  const lists = await Promise.all([1, 2, 3].map(() => json(["dags", "list", "--data", fresh])));
  expect(lists.map(({ code, document }) => [code, document.total])).toEqual([
    [0, 3],
    [0, 3],
    [0, 3],
  ]);
});

test("beyond this machine it listens only with a token, and says so", async () => {
  const { document, stop, errors } = await serve(["--host", "0.0.0.0"]);
  expect(errors()).toContain("the factory listens on 127.0.0.1 only, not on 0.0.0.0");
  const { port } = new URL(document.url);
  if (process.platform === "linux") {
    // the port is free on every address but the one
    const other = createServer().listen(Number(port), "127.0.0.2");
    await once(other, "listening");
    other.close();
  }
  await stop();
});

test("a port in use is said at once, before anything is made", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const other = join(folder, "other");
  const { code, document } = await json(["serve", "--port", port, "--data", other]);
  expect([code, document.error.code]).toEqual([2, "port-in-use"]);
  await expect(access(other)).rejects.toThrow();
  taken.close();
});

test.each([
  ["a port that is none", ["serve", "--port", "eighty"], "config-error"],
  ["a size that is none", ["serve", "--port", "0", "--max-upload", "huge"], "config-error"],
  ["a storage that is no folder", ["serve", "--port", "0", "--storage", "s3://bucket/x"], "config-error"],
  ["a number of tasks that is none", ["serve", "--concurrency", "0"], "usage-error"],
  ["a factory that does not answer", ["runs", "list", "--url", "http://127.0.0.1:9"], "unreachable"],
  ["a conf that is no JSON", ["dags", "trigger", "load", "--conf", "{"], "usage-error"],
])("%s is refused", async (_, args, code) => {
  const { document, code: exit } = await json(args);
  expect([document.error.code, exit]).toEqual([code, code === "unreachable" ? 1 : 2]);
});
