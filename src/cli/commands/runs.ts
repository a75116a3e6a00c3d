import type { Command } from "commander";
import type { List, LogLine, Run, RunAccepted, Task } from "../../server/contract.ts";
import { action, type Invocation } from "../command.ts";
import { acceptedText, runsText, runText } from "../run-text.ts";
import { withApi, withQuery } from "./api-client.ts";
import { addClientCommand, addGroup } from "./client-options.ts";

interface ListOptions {
  readonly dag?: string;
  readonly status?: string;
  readonly dataset?: string;
  readonly resource?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

interface LogOptions {
  readonly follow?: boolean;
  readonly task?: string;
}

interface RetryOptions {
  readonly tasks: string;
}

/** `aircan runs`: what ran, what runs, why it failed. */
export function addRunsCommand(program: Command): void {
  const runs = addGroup(program, {
    usage: "runs",
    summary: "list, show, follow, cancel and retry runs",
    example: "aircan runs list\naircan runs logs RUN -f",
  });
  addClientCommand(runs, {
    usage: "list",
    summary: "runs, the newest first",
    example: "aircan runs list --status FAILED\naircan runs list --dataset org/cities --limit 20",
  })
    .option("--dag <id>", "of one DAG")
    .option("--status <status>", "WAITING, RUNNING, DONE, FAILED, CANCELLED; several with commas")
    .option("--dataset <name>", "of one dataset, org/name")
    .option("--resource <name>", "of one resource")
    .option("--limit <n>", "how many (50)")
    .option("--cursor <text>", "next_cursor of the page before")
    .action(action(list));
  addClientCommand(runs, {
    usage: "show <run>",
    summary: "one run with its tasks",
    example: "aircan runs show 20261121T080000-1a2b3c4d",
  }).action(action(show));
  addClientCommand(runs, {
    usage: "logs <run>",
    summary: "what the tasks of a run said",
    example: "aircan runs logs -f 20261121T080000-1a2b3c4d",
  })
    .option("-f, --follow", "go on until the run is over")
    .option("--task <id>", "of one task")
    .action(action(logs));
  addClientCommand(runs, {
    usage: "cancel <run>",
    summary: "stop a run",
    example: "aircan runs cancel 20261121T080000-1a2b3c4d",
  }).action(action(cancel));
  addClientCommand(runs, {
    usage: "retry <run>",
    summary: "run failed tasks of a run again, and what waits for them",
    example: "aircan runs retry 20261121T080000-1a2b3c4d --tasks all",
  })
    .option("--tasks <which>", "failed, all, or ids with commas", "failed")
    .action(action(retry));
}

const runPath = (id: string, part = ""): string => `/api/runs/${encodeURIComponent(id)}${part}`;

async function list(invocation: Invocation<ListOptions>): Promise<undefined> {
  const { options, output } = invocation;
  const { dag, status, dataset, resource, limit, cursor } = options;
  const path = withQuery("/api/runs", { dag, status, dataset, resource, limit, cursor });
  const page = await withApi(invocation, (api) => api.get<List<Run>>(path));
  output.result(page, () => runsText(page.items, page.total, output));
}

async function show(invocation: Invocation<object>, id = ""): Promise<undefined> {
  const { output } = invocation;
  const { run, tasks } = await withApi(invocation, async (api) => ({
    run: await api.get<Run>(runPath(id)),
    tasks: (await api.get<List<Task>>(runPath(id, "/tasks"))).items,
  }));
  output.result({ ...run, task_list: tasks }, () => runText(run, tasks, output));
}

/** Lines go to stdout as they come; with `--json` one document when all are there. */
async function logs(invocation: Invocation<LogOptions>, id = ""): Promise<undefined> {
  const { options, output } = invocation;
  const { task, follow } = options;
  const lines: LogLine[] = [];
  const take = (line: LogLine) => {
    if (output.json) lines.push(line);
    else output.line(lineText(line));
  };
  await withApi(invocation, async (api) => {
    if (follow) {
      const path = withQuery(runPath(id, "/logs"), { task, follow: true });
      for await (const { data } of api.follow(path)) take(JSON.parse(data));
      return;
    }
    for (let cursor: string | undefined; ; ) {
      const path = withQuery(runPath(id, "/logs"), { task, cursor, limit: 5000 });
      const page = await api.get<List<LogLine>>(path);
      page.items.forEach(take);
      if (page.next_cursor === null) return;
      cursor = page.next_cursor;
    }
  });
  if (output.json) output.result({ items: lines }, () => "");
}

function lineText({ time, level, task, message }: LogLine): string {
  return `${time.slice(11, 23)} ${task}: ${level === "info" || level === "debug" ? "" : `${level}: `}${message}`;
}

async function cancel(invocation: Invocation<object>, id = ""): Promise<undefined> {
  const run = await withApi(invocation, (api) => api.send<Run>("POST", runPath(id, "/cancel")));
  invocation.output.result(
    run,
    () => `${run.id}: ${run.status === "CANCELLED" ? "cancelled" : "being cancelled"}`,
  );
}

async function retry(invocation: Invocation<RetryOptions>, id = ""): Promise<undefined> {
  const { tasks } = invocation.options;
  const which = tasks === "failed" || tasks === "all" ? tasks : tasks.split(",").map((task) => task.trim());
  await withApi(invocation, async (api) => {
    const accepted = await api.send<RunAccepted>("POST", runPath(id, "/retry"), { tasks: which });
    if (!api.running)
      invocation.output.say("No factory runs on this data folder; the run waits for the next one.");
    invocation.output.result(accepted, () => acceptedText(accepted, api));
  });
}
