import { formatAgo } from "../lib/format.ts";
import { useNow } from "../lib/use-now.ts";

/** `live`: events arrive as they happen; `polling`: asked again and again; `still`: over, nothing will change. */
export type LiveState = "live" | "polling" | "lost" | "still";

const words: Record<LiveState, string> = {
  live: "Live",
  polling: "Watching",
  lost: "Connection lost, trying again",
  still: "Final",
};

/** Whether what is shown is fresh, and from when. `updated` in milliseconds, 0 before the first answer. */
export function LiveStatus({ state, updated }: { readonly state: LiveState; readonly updated: number }) {
  const now = useNow(1000);
  return (
    <span className={`live live-${state}`} title={`Last update ${new Date(updated).toLocaleTimeString()}`}>
      <span className="live-dot" aria-hidden="true" />
      {words[state]}
      {state !== "still" && updated > 0 && <span> · updated {formatAgo(updated, now)}</span>}
    </span>
  );
}
