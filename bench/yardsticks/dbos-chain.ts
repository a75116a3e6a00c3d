import { randomUUID } from "node:crypto";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { chainLength, warmUps } from "../chain/length.ts";

/** P5's yardstick: DBOS alone, a workflow that queues children that do nothing, one after the other. Prints the seconds. */
const [, , databaseUrl = ""] = process.argv;
const queueName = "yardstick";
/** DBOS asks once a second unless told. */
const often = { pollingIntervalMs: 10 };
const child = DBOS.registerWorkflow(async (step: number) => step, { name: "child" });
const parent = DBOS.registerWorkflow(
  async () => {
    for (let step = 0; step < chainLength; step++)
      await (await DBOS.startWorkflow(child, { queueName })(step)).getResult(often);
  },
  { name: "parent" },
);
const quiet = { info: () => {}, debug: () => {}, warn: () => {}, error: console.error };
DBOS.setConfig({
  name: "yardstick",
  systemDatabaseUrl: databaseUrl,
  systemDatabaseSchemaName: "yardstick",
  executorID: randomUUID(),
  listenQueues: [queueName],
  notificationCoalesceMs: 1,
  logger: quiet,
});
await DBOS.launch();
await DBOS.registerQueue(queueName, {
  workerConcurrency: 2,
  minPollingIntervalMs: 10,
  onConflict: "always_update",
});
for (let round = 0; round < warmUps; round++) await runChain();
console.log(await runChain());
await DBOS.shutdown();
process.exit(0);

async function runChain(): Promise<number> {
  const started = performance.now();
  const handle = await DBOS.startWorkflow(parent, { queueName })();
  await handle.getResult(often);
  return (performance.now() - started) / 1_000;
}
