import {
  keepPreviousData,
  type QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { get, post, withQuery } from "./api.ts";
import type { List, Output, Report, Run, RunAccepted, Task } from "./contract.ts";
import { ApiError } from "./error.ts";
import { runApi } from "./urls.ts";

/** The filters of a list of runs, as they stand in the address. */
export const runFilters = [
  "q",
  "status",
  "dag",
  "job_type",
  "dataset",
  "resource",
  "user",
  "since",
  "until",
] as const;
export type RunFilter = (typeof runFilters)[number];
export type RunListQuery = Readonly<Partial<Record<RunFilter | "cursor" | "limit", string>>>;

/** True for a run that has not ended. */
export const isActive = (run: Run) => run.status === "RUNNING" || run.status === "WAITING";

/** A page of runs, newest first; asked for again while the page is looked at, more often while one runs. */
export function useRuns(query: RunListQuery) {
  return useQuery({
    queryKey: ["runs", query],
    queryFn: ({ signal }) => get<List<Run>>(withQuery("/api/runs", query), signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isActive) ? 1500 : 5000),
  });
}

/** One run. */
export function useRun(id: string) {
  return useQuery({
    queryKey: ["run", id],
    queryFn: ({ signal }) => get<Run>(runApi(id), signal),
  });
}

/** Its tasks, in the order of the DAG. */
export function useTasks(id: string) {
  return useQuery({
    queryKey: ["run", id, "tasks"],
    queryFn: ({ signal }) => get<List<Task>>(runApi(id, "/tasks"), signal),
  });
}

/** What its tasks wrote. */
export function useOutputs(run: Run) {
  return useQuery({
    queryKey: ["run", run.id, "outputs"],
    queryFn: ({ signal }) => get<List<Output>>(runApi(run.id, "/outputs"), signal),
  });
}

/** The report of its check, asked for once it may be there; `null` if it is not. */
export function useReport(id: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["run", id, "report"],
    queryFn: async ({ signal }) => {
      try {
        return await get<Report>(runApi(id, "/report"), signal);
      } catch (thrown) {
        if (thrown instanceof ApiError && thrown.status === 404) return null;
        throw thrown;
      }
    },
  });
}

/** Marks everything of a run as old, so that what is shown is asked for again. */
export function refreshRun(client: QueryClient, id: string): void {
  void client.invalidateQueries({ queryKey: ["run", id] });
  void client.invalidateQueries({ queryKey: ["runs"] });
}

/** Stops a run. */
export function useCancel(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<unknown>(runApi(id, "/cancel"), {}),
    onSettled: () => refreshRun(client, id),
  });
}

/** Runs its failed tasks, and what waits for them, once more; with another conf if one is given. */
export function useRetry(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (conf?: Run["conf"]) =>
      post<RunAccepted>(runApi(id, "/retry"), { tasks: "failed", ...(conf === undefined ? {} : { conf }) }),
    onSettled: () => refreshRun(client, id),
  });
}

/** Starts a new run with the same DAG and conf. */
export function useRunAgain(run: Run) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      post<RunAccepted>(`/api/dags/${encodeURIComponent(run.dag)}/runs`, {
        conf: run.conf,
        ...(run.dataset === null ? {} : { dataset: run.dataset }),
        ...(run.resource === null ? {} : { resource: run.resource }),
      }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["runs"] }),
  });
}
