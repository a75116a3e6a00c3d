import type { Command } from "commander";
import type { Job, List } from "../../server/contract.ts";
import { action, type Invocation } from "../command.ts";
import { jobsText } from "../run-text.ts";
import { withApi, withQuery } from "./api-client.ts";
import { addClientCommand, addGroup } from "./client-options.ts";

interface ListOptions {
  readonly type?: string;
  readonly status?: string;
  readonly dataset?: string;
  readonly resource?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `aircan jobs`: who asked for which run, and what came of it. */
export function addJobsCommand(program: Command): void {
  const jobs = addGroup(program, { usage: "jobs", summary: "list jobs", example: "aircan jobs list" });
  addClientCommand(jobs, {
    usage: "list",
    summary: "jobs, the newest first",
    example: "aircan jobs list --type LOAD --status FAILED",
  })
    .option("--type <type>", "LOAD, VALIDATE, FLOW …")
    .option("--status <status>", "WAITING, RUNNING, DONE, FAILED, CANCELLED; several with commas")
    .option("--dataset <name>", "of one dataset, org/name")
    .option("--resource <name>", "of one resource")
    .option("--limit <n>", "how many (50)")
    .option("--cursor <text>", "next_cursor of the page before")
    .action(action(list));
}

async function list(invocation: Invocation<ListOptions>): Promise<undefined> {
  const { options, output } = invocation;
  const { type: job_type, status, dataset, resource, limit, cursor } = options;
  const path = withQuery("/api/jobs", { job_type, status, dataset, resource, limit, cursor });
  const page = await withApi(invocation, (api) => api.get<List<Job>>(path));
  output.result(page, () => jobsText(page.items, page.total, output));
}
