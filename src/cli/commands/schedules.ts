import type { Command } from "commander";
import type { List, Schedule } from "../../server/contract.ts";
import { action, type Invocation } from "../command.ts";
import type { Output } from "../output.ts";
import { renderTable } from "../table.ts";
import { withApi } from "./api-client.ts";
import { addClientCommand, addGroup } from "./client-options.ts";

/** `aircan schedules`: when runs start by themselves. */
export function addSchedulesCommand(program: Command): void {
  const schedules = addGroup(program, {
    usage: "schedules",
    summary: "list, pause, resume and remove schedules",
    example: "aircan schedules list",
  });
  addClientCommand(schedules, {
    usage: "list",
    summary: "all schedules, with the next time of each",
    example: "aircan schedules list",
  }).action(action(list));
  for (const [name, summary] of [
    ["pause", "start no more runs by a schedule"],
    ["resume", "start them again, from now on"],
  ] as const)
    addClientCommand(schedules, {
      usage: `${name} <schedule>`,
      summary,
      example: `aircan schedules ${name} prices`,
    }).action(action<object>((invocation, id) => pause(invocation, id, name === "pause")));
  addClientCommand(schedules, {
    usage: "remove <schedule>",
    summary: "remove a schedule that was set by the API",
    example: "aircan schedules remove prices-nightly",
  }).action(action(remove));
}

const pathOf = (id: string, part = ""): string => `/api/schedules/${encodeURIComponent(id)}${part}`;

async function list(invocation: Invocation<object>): Promise<undefined> {
  const { output } = invocation;
  const page = await withApi(invocation, (api) => api.get<List<Schedule>>("/api/schedules"));
  output.result(page, () => (page.items.length === 0 ? "No schedules." : scheduleTable(page.items, output)));
}

/** What a schedule starts and when; what went wrong with one, if anything did. */
function scheduleTable(schedules: readonly Schedule[], { width }: Output): string {
  const titles = ["schedule", "DAG", "cron", "timezone", "next (UTC)"];
  const hasErrors = schedules.some(({ last_error }) => last_error !== null);
  return renderTable(
    [...titles, ...(hasErrors ? ["error"] : [])].map((title) => ({ title })),
    schedules.map(({ id, dag, cron, timezone, next, last_error }) => [
      ...[id, dag, cron, timezone],
      next === null ? "paused" : next.slice(0, 16).replace("T", " "),
      last_error ?? "",
    ]),
    { width },
  );
}

async function pause(invocation: Invocation<object>, id = "", paused = true): Promise<undefined> {
  const schedule = await withApi(invocation, (api) =>
    api.send<Schedule>("POST", pathOf(id, "/pause"), { paused }),
  );
  invocation.output.result(schedule, () => `${schedule.id}: ${paused ? "paused" : "resumed"}`);
}

async function remove(invocation: Invocation<object>, id = ""): Promise<undefined> {
  await withApi(invocation, (api) => api.send("DELETE", pathOf(id)));
  invocation.output.result({ id }, () => `${id} is gone.`);
}
