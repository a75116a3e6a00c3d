import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Run, RunEvent } from "../../src/factory/model.ts";
import type { ServerUnderTest } from "./server.ts";

/** Rows of each file that is loaded. */
export const appendedRows = 3_000;
export const replacedRows = 20_000;

export interface Folders {
  readonly files: string;
  readonly dags: string;
}

/** A DAG of three tasks that each write down when they began, and take a moment. */
export async function writeLedgerDag({ files, dags }: Folders): Promise<void> {
  await writeFile(
    join(dags, "ledger.mjs"),
    `import { appendFile } from "node:fs/promises";
     import { setTimeout as pause } from "node:timers/promises";
     import { dag, task } from "aircan/factory";
     const work = async ({ run, task }) => {
       await appendFile(${JSON.stringify(join(files, "ledger"))}, [run, task, Date.now()].join(" ") + "\\n");
       await pause(150);
       return {};
     };
     export default dag("ledger", {}, [
       task("a", work), task("b", work, { after: ["a"] }), task("c", work, { after: ["b"] }),
     ]);`,
  );
  await appendFile(join(files, "ledger"), "");
}

export interface Start {
  readonly dag: string;
  readonly conf: Readonly<Record<string, unknown>>;
  readonly resource?: string;
}

/** The runs of one round: a chain, an append and a replace. Numbers of rows are unique over all rounds. */
export async function startsOf(round: number, files: string): Promise<readonly Start[]> {
  const appended = join(files, `appended-${round}.csv`);
  const replaced = join(files, `replaced-${round}.csv`);
  const ids = Array.from({ length: appendedRows }, (_, i) => `${round * appendedRows + i},text ${i}`);
  await writeFile(appended, `id,text\n${ids.join("\n")}\n`);
  const generation = Array.from(
    { length: replacedRows },
    (_, i) => `${i},${round},some text to fill the row`,
  );
  await writeFile(replaced, `id,generation,text\n${generation.join("\n")}\n`);
  return [
    { dag: "ledger", conf: {} },
    {
      dag: "load",
      resource: "appended",
      conf: { resource: { path: appended }, name: "appended", mode: "append" },
    },
    {
      dag: "load",
      resource: "replaced",
      conf: { resource: { path: replaced }, name: "replaced", mode: "replace" },
    },
  ];
}

/** Starts a run; asked again with the same key for as long as nobody answers. Gives the id of the one run. */
export async function accept(server: ServerUnderTest, key: string, start: Start): Promise<string> {
  for (;;) {
    const response = await fetch(`${server.url}/api/dags/${start.dag}/runs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ conf: start.conf, resource: start.resource, idempotency_key: key }),
      signal: AbortSignal.timeout(20_000),
    }).catch(() => undefined);
    // The answer's shape is that of the contract, which the server's own tests check.
    if (response?.ok) return ((await response.json()) as { run_id: string }).run_id;
    if (response && response.status < 500) throw new Error(`${response.status}: ${await response.text()}`);
    await pause(100);
  }
}

async function get(server: ServerUnderTest, path: string): Promise<unknown> {
  const response = await fetch(`${server.url}/api/${path}`, { signal: AbortSignal.timeout(20_000) }).catch(
    () => undefined,
  );
  return response?.ok ? response.json() : undefined;
}

/** The runs once all have ended. Throws after two minutes, saying how they stand. */
export async function untilOver(server: ServerUnderTest, ids: readonly string[]): Promise<readonly Run[]> {
  let runs: (Run | undefined)[] = [];
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await pause(100)) {
    // As above.
    runs = await Promise.all(ids.map(async (id) => (await get(server, `runs/${id}`)) as Run | undefined));
    const ended = runs.filter((run) => run !== undefined && run.ended !== null);
    if (ended.length === ids.length) return ended.filter((run) => run !== undefined);
  }
  throw new Error(`Runs do not end: ${JSON.stringify(runs)}\n${server.said().slice(-4_000)}`);
}

/** Beginnings of tasks that had been recorded as done before: there must be none. */
export async function repeatedTasks(server: ServerUnderTest, files: string): Promise<readonly string[]> {
  // The factory's own table.
  const rows = (await server.query(
    "select run_id, task, time from aircan.event where type = 'task.ended' and data->>'status' = 'DONE'",
  )) as unknown as readonly (Pick<RunEvent, "run_id" | "task"> & { time: Date })[];
  const done = new Map(rows.map(({ run_id, task, time }) => [`${run_id} ${task}`, time.getTime()]));
  const lines = (await readFile(join(files, "ledger"), "utf8")).trim().split("\n");
  return lines.filter((line) => {
    const [run, task, time] = line.split(" ");
    return Number(time) > (done.get(`${run} ${task}`) ?? Number.POSITIVE_INFINITY);
  });
}
