import { formatAgo, formatDuration, formatTime, secondsOf } from "../lib/format.ts";
import { useNow } from "../lib/use-now.ts";

/** How long ago, kept up to date; the exact time on hover. */
export function Ago({ time }: { readonly time: string }) {
  const now = useNow(10_000);
  return (
    <time dateTime={time} title={formatTime(time)}>
      {formatAgo(time, now)}
    </time>
  );
}

interface DurationProps {
  readonly of: {
    readonly started: string | null;
    readonly ended: string | null;
    readonly seconds: number | null;
  };
}

/** How long something took; while it runs, how long so far. */
export function Duration({ of }: DurationProps) {
  const running = of.started !== null && of.ended === null;
  const now = useNow(running ? 200 : null);
  return <span className="nowrap duration">{formatDuration(secondsOf(of, now))}</span>;
}
