import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, send } from "./api.ts";
import type { CreatedShare, List, Profile, ReportComparison, Share, SharedReport } from "./contract.ts";
import { ApiError } from "./error.ts";
import { runApi } from "./urls.ts";

/** What is not there, as `null`. */
async function orNull<Body>(asked: Promise<Body>): Promise<Body | null> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) return null;
    throw thrown;
  }
}

/** What has changed since the report before; `null` if there is none. */
export function useComparison(run: string) {
  return useQuery({
    queryKey: ["run", run, "comparison"],
    queryFn: ({ signal }) => orNull(get<ReportComparison>(runApi(run, "/report/comparison"), signal)),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What the fields of the tables hold; `null` if nobody looked. */
export function useProfile(address: string, enabled: boolean) {
  return useQuery({
    enabled,
    queryKey: ["profile", address],
    queryFn: ({ signal }) => orNull(get<Profile>(address, signal)),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The report that a link leads to; `null` if the link is not valid. */
export function useSharedReport(secret: string) {
  return useQuery({
    queryKey: ["shared", secret],
    queryFn: ({ signal }) => orNull(get<SharedReport>(sharedApi(secret), signal)),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Where a shared report is in the API. */
export function sharedApi(secret: string, part = ""): string {
  return `/api/shared/${encodeURIComponent(secret)}${part}`;
}

/** The links to a report. */
export function useShares(run: string) {
  return useQuery({
    queryKey: ["run", run, "shares"],
    queryFn: ({ signal }) => get<List<Share>>(runApi(run, "/shares"), signal),
  });
}

/** Makes a link to a report, for so many days (`null`: for ever). */
export function useCreateShare(run: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (days: number | null) =>
      post<CreatedShare>(runApi(run, "/shares"), days === null ? {} : { days }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["run", run, "shares"] }),
  });
}

/** Revokes a link. */
export function useRevokeShare(run: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send(runApi(run, `/shares/${encodeURIComponent(id)}`), { method: "DELETE" }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["run", run, "shares"] }),
  });
}
