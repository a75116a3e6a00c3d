import { fileURLToPath } from "node:url";
import { silentLog } from "../base/log.ts";
import { openLocalStorage } from "../storage/local.ts";
import { openFactory } from "./open-factory.ts";

/** A worker of a factory in a process of its own, that tests kill: arguments are database, folder, concurrency. */
const [, , databaseUrl = "", folder = "", concurrency = "2"] = process.argv;
await openFactory({
  databaseUrl,
  dataFolder: folder,
  storage: openLocalStorage(`${folder}/storage`),
  taskProcess: fileURLToPath(new URL("./test-task-process.ts", import.meta.url)),
  concurrency: Number(concurrency),
  log: silentLog,
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
