import { appendFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { AirCanError } from "../base/errors.ts";
import { openLocalStorage } from "../storage/local.ts";
import { runTasks } from "./run-tasks.ts";
import type { TaskKinds } from "./task.ts";

/** Kinds of task that the tests of the factory use. */
const kinds: TaskKinds = {
  nothing: async () => ({}),
  list: async ({ config }) => ({ count: Number(config.count), summary: `made ${config.count} items` }),
  note: async (context) => {
    context.log("info", `note of ${context.task}`, { try: context.try });
    context.progress({ rows: 5, fraction: 0.5 });
    await context.storage.write(`${context.address}note.txt`, JSON.stringify(context.conf));
    return { stats: { rows: 5 }, outputs: [{ name: "note.txt", format: "txt", rows: 5 }] };
  },
  ledger: async ({ task, mapIndex, try: nth, config }) => {
    const item = mapIndex === null ? "" : `[${mapIndex}]`;
    await appendFile(String(config.path), `${task}${item} ${nth} ${process.ppid}\n`);
    await pause(Number(config.milliseconds ?? 0));
    return {};
  },
  fail: async ({ config, try: nth }) => {
    if (nth <= Number(config.times ?? Number.POSITIVE_INFINITY))
      throw new AirCanError(config.kind === "data" ? "data-error" : "source-error", `no luck in try ${nth}`);
    return { summary: `went well in try ${nth}` };
  },
  failItem: async ({ config, mapIndex, try: nth }) => {
    if (mapIndex === config.item && nth <= Number(config.times))
      throw new AirCanError("source-error", `no luck with item ${mapIndex}`);
    return {};
  },
  wait: async ({ signal }) => {
    await pause(60_000, undefined, { signal });
    return {};
  },
  stubborn: async () => {
    process.on("SIGTERM", () => {});
    for (;;) await pause(50);
  },
  crash: async () => {
    console.error("about to crash");
    await pause(20);
    process.exit(7);
  },
  greedy: async () => {
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(16 * 1024 ** 2, 1));
      await pause(5);
    }
  },
  spill: async ({ conf, secret }) => {
    const value = await secret(String(conf.password));
    console.error(`it is ${value}`);
    await pause(20);
    throw new AirCanError("source-error", `cannot log in with ${value}`, { details: { value } });
  },
  secret: async ({ conf, secret, log }) => {
    log("info", `the password is ${await secret(String(conf.password))}`);
    return {};
  },
};

runTasks({ kinds, openStorage: openLocalStorage });
