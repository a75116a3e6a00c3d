import type { Job, Run, RunAccepted, Task } from "../server/contract.ts";
import { countText, secondsText } from "./cell-text.ts";
import type { Output } from "./output.ts";
import { renderTable } from "./table.ts";

const colours = {
  DONE: "green",
  FAILED: "red",
  CANCELLED: "yellow",
  RUNNING: "cyan",
} as const;

/** A status in its colour. */
export function statusText(status: string, { style }: Output): string {
  const colour = Object.entries(colours).find(([name]) => name === status)?.[1];
  return colour ? style(colour, status) : status;
}

const minute = (instant: string | null): string => instant?.slice(0, 16).replace("T", " ") ?? "";
const seconds = (value: number | null): string => (value === null ? "" : secondsText(value));

/** Runs as a table, the newest first as they came. Ids are needed whole, so lines may be longer than the terminal. */
export function runsText(runs: readonly Run[], total: number, output: Output): string {
  if (runs.length === 0) return "No runs.";
  const columns = ["run", "dag", "status", "created", "time", "for"].map((title) => ({ title }));
  const rows = runs.map((run) => [
    run.id,
    run.dag,
    run.status,
    minute(run.created),
    seconds(run.seconds),
    run.dataset ?? run.resource ?? "",
  ]);
  return `${renderTable(columns, rows, { width: Math.max(output.width, 100), dim: (line) => output.style("dim", line) })}${more(runs.length, total)}`;
}

/** Jobs as a table. */
export function jobsText(jobs: readonly Job[], total: number, output: Output): string {
  if (jobs.length === 0) return "No jobs.";
  const columns = ["job", "type", "status", "created", "run", "for"].map((title) => ({ title }));
  const rows = jobs.map((job) => [
    job.id,
    job.job_type,
    job.status,
    minute(job.created),
    job.factory_id,
    job.dataset ?? job.resource ?? "",
  ]);
  return `${renderTable(columns, rows, { width: Math.max(output.width, 140), dim: (line) => output.style("dim", line) })}${more(jobs.length, total)}`;
}

function more(shown: number, total: number): string {
  return total > shown ? `\n${countText(total - shown)} more: use --limit or --cursor` : "";
}

/** One run with its tasks and its error. */
export function runText(run: Run, tasks: readonly Task[], output: Output): string {
  const facts = [run.dataset, run.resource, run.user && `by ${run.user}`, run.note].filter(Boolean);
  const columns = ["task", "status", "try", "time", "rows"].map((title) => ({ title }));
  const rows = tasks.map((task) => [
    task.map_index === null ? task.id : `${task.id}[${task.map_index}]`,
    task.status,
    `${task.try}/${task.max_tries}`,
    seconds(task.seconds),
    typeof task.stats.rows === "number" ? countText(task.stats.rows) : "",
  ]);
  return [
    `${output.style("bold", run.id)} ${run.dag}: ${statusText(run.status, output)}${run.seconds === null ? "" : ` in ${secondsText(run.seconds)}`}`,
    ...(facts.length > 0 ? [facts.join(" · ")] : []),
    run.summary,
    "",
    renderTable(columns, rows, { width: output.width, dim: (line) => output.style("dim", line) }),
    ...(run.error
      ? ["", `${output.style("red", "error:")} ${run.error.message}`, `  hint: ${run.error.hint}`]
      : []),
  ].join("\n");
}

/** What came of a call that starts a run; where no factory runs there is no page of it yet. */
export function acceptedText(
  { run_id, status, url }: RunAccepted,
  { running }: { readonly running: boolean },
): string {
  return `${run_id}: ${status}${running ? `\n${url}` : ""}`;
}
