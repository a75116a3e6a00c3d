import type { Output, Run } from "./contract.ts";

/** The page of a run: under its dataset if it has one. */
export function runUrl(run: Pick<Run, "id" | "dataset">): string {
  const id = encodeURIComponent(run.id);
  return run.dataset === null ? `/runs/${id}` : `${datasetUrl(run.dataset)}runs/${id}`;
}

/** The runs of a dataset, `org/dataset`. */
export function datasetUrl(dataset: string): string {
  return `/@${dataset.split("/").map(encodeURIComponent).join("/")}/actions/`;
}

/** The end of an id, which is what differs between runs of one hour; ids that are short anyway stay whole. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : id.slice(-8);
}

export function dagUrl(dag: string): string {
  return `/dags/${encodeURIComponent(dag)}`;
}

/** Where a run's parts are in the API. */
export function runApi(id: string, part = ""): string {
  return `/api/runs/${encodeURIComponent(id)}${part}`;
}

/** Where an output can be fetched from. */
export function outputUrl(run: string, output: Pick<Output, "task" | "name">): string {
  return runApi(run, `/outputs/${encodeURIComponent(output.task)}/${encodeURIComponent(output.name)}`);
}
