import type { Command } from "commander";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { Dag, List, Run, RunAccepted } from "../../server/contract.ts";
import { action, type Invocation } from "../command.ts";
import type { Output } from "../output.ts";
import { parameter, typedParams } from "../parameter.ts";
import { acceptedText } from "../run-text.ts";
import { renderTable } from "../table.ts";
import { type ApiClient, withApi } from "./api-client.ts";
import { addClientCommand, addGroup } from "./client-options.ts";

interface TriggerOptions {
  readonly conf?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly dataset?: string;
  readonly resource?: string;
  readonly note?: string;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
}

/** `aircan dags`: definitions, and the start of a run. */
export function addDagsCommand(program: Command): void {
  const dags = addGroup(program, {
    usage: "dags",
    summary: "list, show, trigger, pause and resume DAGs",
    example: "aircan dags list\naircan dags trigger prices --wait",
  });
  addClientCommand(dags, {
    usage: "list",
    summary: "all DAGs with the last run of each",
    example: "aircan dags list",
  }).action(action(list));
  addClientCommand(dags, {
    usage: "show <dag>",
    summary: "one DAG with its tasks and parameters",
    example: "aircan dags show load",
  }).action(action(show));
  addClientCommand(dags, {
    usage: "trigger <dag>",
    summary: "start a run",
    example:
      'aircan dags trigger prices -p day=2026-11-21 --wait\naircan dags trigger load --conf \'{"name": "cities", "resource": {"path": "https://example.org/cities.csv"}}\'',
  })
    .option("-p, --param <key=value>", "a parameter; may be repeated", parameter, {})
    .option("--conf <json>", "all parameters, as a JSON object")
    .option("--dataset <name>", "the dataset that it is for, org/name")
    .option("--resource <name>", "the resource that it is for")
    .option("--note <text>", "why")
    .option("--idempotency-key <key>", "the same key gives the same run")
    .option("--wait", "wait for its end; exit code 1 unless it is DONE")
    .action(action(trigger));
  for (const [name, summary] of [
    ["pause", "start no more runs of a DAG"],
    ["resume", "let runs of a DAG start again"],
  ] as const)
    addClientCommand(dags, {
      usage: `${name} <dag>`,
      summary,
      example: `aircan dags ${name} prices`,
    }).action(action<object>((invocation, id) => pause(invocation, id, name === "pause")));
}

const dagPath = (id: string, part = ""): string => `/api/dags/${encodeURIComponent(id)}${part}`;

async function list(invocation: Invocation<object>): Promise<undefined> {
  const { output } = invocation;
  const page = await withApi(invocation, (api) => api.get<List<Dag>>("/api/dags"));
  const columns = ["dag", "title", "tasks", "last run", "from"].map((title) => ({ title }));
  const rows = page.items.map((dag) => [dag.id, dag.title, `${dag.tasks.length}`, stateOf(dag), dag.source]);
  output.result(page, () =>
    renderTable(columns, rows, { width: output.width, dim: (line) => output.style("dim", line) }),
  );
}

function stateOf({ paused, import_error, last_run }: Dag): string {
  const states = [
    paused ? "paused" : "",
    import_error ? "import error" : "",
    last_run?.status ?? "never ran",
  ];
  return states.filter((state) => state !== "").join(", ");
}

async function show(invocation: Invocation<object>, id = ""): Promise<undefined> {
  const dag = await withApi(invocation, (api) => api.get<Dag>(dagPath(id)));
  invocation.output.result(dag, () => dagText(dag, invocation.output));
}

function dagText(dag: Dag, { style, width }: Output): string {
  const columns = ["task", "title", "after", "retries", "timeout"].map((title) => ({ title }));
  const rows = dag.tasks.map((task) => [
    task.id,
    task.title,
    task.after.join(", "),
    `${task.retries}`,
    task.timeout ?? "1h",
  ]);
  const { import_error } = dag;
  return [
    `${style("bold", dag.id)}: ${dag.title}`,
    ...(dag.description ? [dag.description] : []),
    `from ${dag.source}, ${stateOf(dag)}`,
    "",
    renderTable(columns, rows, { width, dim: (line) => style("dim", line) }),
    ...(Object.keys(dag.params).length > 0 ? ["", `parameters: ${JSON.stringify(dag.params, null, 2)}`] : []),
    ...(import_error ? ["", `${style("red", "import error:")} ${import_error.message}`] : []),
  ].join("\n");
}

async function trigger(invocation: Invocation<TriggerOptions>, id = ""): Promise<number> {
  const { options, output } = invocation;
  const { dataset, resource, note, idempotencyKey: idempotency_key, wait } = options;
  return withApi(invocation, async (api) => {
    const { params } = await api.get<Dag>(dagPath(id));
    const conf = { ...readConf(options.conf), ...typedParams(options.param, params) };
    const body = { conf, dataset, resource, note, idempotency_key };
    const accepted = await api.send<RunAccepted>("POST", dagPath(id, "/runs"), body);
    if (!api.running) output.say("No factory runs on this data folder; the run waits for the next one.");
    if (!wait || !api.running) {
      output.result(accepted, () => acceptedText(accepted, api));
      return 0;
    }
    const run = await untilOver(api, accepted.run_id, output);
    output.result({ ...accepted, status: run.status, summary: run.summary, error: run.error }, () =>
      [`${run.id}: ${run.status}`, run.summary, accepted.url].join("\n"),
    );
    return run.status === "DONE" ? 0 : 1;
  });
}

/** Follows a run to its end; tells on a terminal which task is under way. */
async function untilOver(api: ApiClient, id: string, output: Output): Promise<Run> {
  const path = `/api/runs/${encodeURIComponent(id)}`;
  for await (const { type, data } of api.follow(`${path}/events`)) {
    const { task }: { task: string | null } = JSON.parse(data);
    if (task !== null) output.progress(`${task}: ${type.replace(/^task\./, "")}`);
  }
  return api.get<Run>(path);
}

function readConf(text: string | undefined): object {
  if (text === undefined) return {};
  try {
    const conf: unknown = JSON.parse(text);
    if (typeof conf === "object" && conf !== null && !Array.isArray(conf)) return conf;
    throw new Error("it is no object");
  } catch (error) {
    throw new AirCanError("usage-error", `--conf is no JSON object: ${messageOf(error)}.`, { cause: error });
  }
}

async function pause(invocation: Invocation<object>, id = "", paused = true): Promise<undefined> {
  const dag = await withApi(invocation, (api) => api.send<Dag>("POST", dagPath(id, "/pause"), { paused }));
  invocation.output.result(dag, () => `${dag.id}: ${dag.paused ? "paused" : "resumed"}`);
}
