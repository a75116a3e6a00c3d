import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "./api.ts";
import type { Dag, List, RunAccepted, Schedule } from "./contract.ts";

/** All DAGs with the last run of each. */
export function useDags() {
  return useQuery({
    queryKey: ["dags"],
    queryFn: ({ signal }) => get<List<Dag>>("/api/dags?limit=500", signal),
    refetchInterval: 5000,
  });
}

/** One DAG. */
export function useDag(id: string) {
  return useQuery({
    queryKey: ["dags", id],
    queryFn: ({ signal }) => get<Dag>(`/api/dags/${encodeURIComponent(id)}`, signal),
    refetchInterval: 5000,
  });
}

/** Pauses a DAG, or resumes it. */
export function usePause(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (paused: boolean) => post<Dag>(`/api/dags/${encodeURIComponent(id)}/pause`, { paused }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["dags"] }),
  });
}

/** Pauses a schedule, or resumes it. */
export function usePauseSchedule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (paused: boolean) =>
      post<Schedule>(`/api/schedules/${encodeURIComponent(id)}/pause`, { paused }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["dags"] }),
  });
}

/** Starts a run of a DAG. */
export function useTrigger(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (conf: Readonly<Record<string, unknown>>) =>
      post<RunAccepted>(`/api/dags/${encodeURIComponent(id)}/runs`, { conf }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["runs"] }),
  });
}
