import type { Command } from "commander";
import { action, addCommand, type Invocation } from "../command.ts";
import { wholeNumber } from "../reading-options.ts";
import { settingDefinitions } from "../settings.ts";
import { untilAborted } from "../until-aborted.ts";

interface WorkerOptions {
  readonly concurrency?: number;
}

const workerSettings = [
  "data",
  "databaseUrl",
  "storage",
  "allowPrivateUrls",
  "allowLocal",
  "allowBuckets",
  "maxDownload",
  "fetchTimeout",
] as const;

/** `aircan worker`: another worker for the factory's database. */
export function addWorkerCommand(program: Command): void {
  const command = addCommand(program, {
    usage: "worker",
    summary: "run tasks for the factory of the same DATABASE_URL (or data folder)",
    example: "export DATABASE_URL=postgresql://… AIRCAN_STORAGE=/mnt/aircan\naircan worker --concurrency 4",
  }).option("--concurrency <n>", "task bodies at once; the number of cores unless told", wholeNumber(1));
  for (const name of workerSettings) {
    const { flag, summary } = settingDefinitions[name];
    command.option(`${flag} <value>`, summary);
  }
  command.action(action(work));
}

async function work(invocation: Invocation<WorkerOptions>): Promise<number> {
  const { options, output, settings, folder, signal } = invocation;
  const [{ openServer }, { version }] = await Promise.all([
    import("../open-server.ts"),
    import("../version.ts"),
  ]);
  const server = await openServer({
    settings,
    folder,
    version: version(),
    log: output.log,
    join: true,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  });
  try {
    output.result(
      { pid: process.pid, storage: server.factory.storage.root },
      () => `The worker waits for tasks; files are in ${server.factory.storage.root}. Ctrl-C stops it.`,
    );
    await untilAborted(signal);
    return 0;
  } finally {
    await server.close();
  }
}
