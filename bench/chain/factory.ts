import { fileURLToPath } from "node:url";
import { silentLog } from "../../src/base/log.ts";
import { type Factory, openFactory } from "../../src/factory/factory.ts";
import type { TaskDefinition } from "../../src/factory/task.ts";
import { openLocalStorage } from "../../src/storage/local.ts";
import { chainLength, warmUps } from "./length.ts";

/** P5's own side: a DAG of tasks in a chain, run by a factory. Prints the seconds from the request to the end of the run. */
const [, , databaseUrl = "", folder = ""] = process.argv;
const factory = await openFactory({
  databaseUrl,
  dataFolder: folder,
  storage: openLocalStorage(`${folder}/storage`),
  taskProcess: fileURLToPath(new URL("task-process.ts", import.meta.url)),
  concurrency: 2,
  log: silentLog,
});
const tasks: Record<string, TaskDefinition> = {};
for (let i = 0; i < chainLength; i++)
  tasks[`task${i}`] = { kind: "nothing", ...(i > 0 ? { after: [`task${i - 1}`] } : {}) };
await factory.putDag({ dag: "chain", tasks });
for (let round = 0; round < warmUps; round++) await runChain(factory);
console.log(await runChain(factory));
await factory.close();
process.exit(0);

async function runChain(factory: Factory): Promise<number> {
  const started = performance.now();
  const { run } = await factory.startRun({ dag: "chain" });
  const abort = new AbortController();
  for await (const { type } of factory.subscribe({ run: run.id, after: 0, signal: abort.signal }))
    if (type === "run.ended") abort.abort();
  const seconds = (performance.now() - started) / 1_000;
  if ((await factory.showRun(run.id)).status !== "DONE") throw new Error("the chain did not end well");
  return seconds;
}
