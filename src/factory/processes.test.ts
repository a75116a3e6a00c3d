import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openProcesses, type TaskLimits } from "./processes.ts";
import type { TaskJob } from "./task-messages.ts";

const processes = openProcesses(fileURLToPath(new URL("./test-task-process.ts", import.meta.url)), 2);
afterAll(() => processes.close());

const job = (kind: string, config: Record<string, unknown> = {}): TaskJob => ({
  kind,
  config,
  dag: "d",
  run: "r",
  task: "t",
  mapIndex: null,
  try: 1,
  conf: { password: "secret://p" },
  address: "d/r/t/",
  upstream: {},
  before: [],
  storage: "/nonexistent",
  databaseUrl: "",
  file: null,
});

function limits(lines: string[] = [], more: Partial<TaskLimits> = {}): TaskLimits {
  return {
    timeout: 20_000,
    memory: 4 * 1024 ** 3,
    signal: new AbortController().signal,
    onLog: (level, message) => lines.push(`${level}: ${message}`),
    onProgress: () => {},
    secret: async (name) => `value of ${name}`,
    ...more,
  };
}

const run = (kind: string, more: Partial<TaskLimits> = {}) => processes.execute(job(kind), limits([], more));

describe("a task's process", () => {
  test("gives the result of the body", async () => {
    expect(await processes.execute(job("list", { count: 3 }), limits())).toEqual({
      type: "result",
      result: { count: 3, summary: "made 3 items" },
    });
  });

  test("gives the error of the body, with its task", async () => {
    expect(await run("fail")).toMatchObject({
      type: "error",
      error: { code: "source-error", message: "no luck in try 1", where: { dag: "d", task: "t" } },
    });
  });

  test("that crashes fails its task with the exit code and its last lines", async () => {
    expect(await run("crash")).toMatchObject({
      error: {
        code: "task-failed",
        message: expect.stringContaining("exit code 7"),
        details: { last_lines: ["about to crash"] },
      },
    });
  });

  test("is ended when it takes too long", async () => {
    expect(await run("wait", { timeout: 100 })).toMatchObject({ error: { code: "timeout" } });
  });

  test("is killed when it takes too much memory", async () => {
    expect(await run("greedy", { memory: 300 * 1024 ** 2 })).toMatchObject({
      error: {
        code: "task-failed",
        message: expect.stringMatching(/used \d+ MB of memory; it may use 300 MB/),
      },
    });
  });

  test.each(["wait", "stubborn"])("of kind %s is gone soon after it is cancelled", async (kind) => {
    const abort = new AbortController();
    const outcome = run(kind, { signal: abort.signal });
    const clock = performance.now();
    abort.abort();
    expect(await outcome).toMatchObject({ error: { code: "interrupted" } });
    expect(performance.now() - clock).toBeLessThan(3_000);
  });

  test("gets secrets by asking for them", async () => {
    const lines: string[] = [];
    await processes.execute(job("secret"), limits(lines));
    expect(lines).toEqual(["info: the password is value of p"]);
  });

  test("does not know other kinds of task", async () => {
    expect(await run("nonsense")).toMatchObject({ error: { code: "dag-error" } });
  });
});
