import type { FieldProfile } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";

const size = { width: 240, height: 56 } as const;

interface HistogramProps {
  readonly bins: FieldProfile["histogram"];
  readonly name: string;
}

/** How the values of a field spread, from the least to the greatest. */
export function Histogram({ bins, name }: HistogramProps) {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const width = size.width / bins.length;
  const [from, to] = [bins[0]?.from ?? "", bins.at(-1)?.to ?? ""];
  return (
    <figure className="profile-chart">
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`How ${name} spreads from ${from} to ${to}; ${formatNumber(most)} at most in one of ${bins.length} bins`}
      >
        {bins.map(({ from, to, count }, i) => {
          // what is there at all is seen
          const height = count === 0 ? 0 : Math.max(1.5, (count / most) * size.height);
          return (
            <rect
              key={from}
              x={i * width + 0.5}
              y={size.height - height}
              width={Math.max(0.5, width - 1)}
              height={height}
            >
              <title>{`${from} to ${to}: ${formatNumber(count)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{from}</span>
        <span>{to}</span>
      </figcaption>
    </figure>
  );
}

const shownValues = 5;

interface TopValuesProps {
  readonly values: FieldProfile["top"];
  readonly count: number;
  readonly name: string;
}

/** The commonest values, with their share of all. */
export function TopValues({ values, count, name }: TopValuesProps) {
  if (values.length === 0) return <p className="muted profile-chart">Every value stands once.</p>;
  return (
    <ul className="top-values" aria-label={`Commonest values of ${name}`}>
      {values.slice(0, shownValues).map(({ value, count: times }) => (
        <li key={value} title={value}>
          <span className="top-value">{value === "" ? <em>empty text</em> : value}</span>
          <span className="number muted">{formatNumber(times)}</span>
          <ShareBar part={times} whole={count} />
        </li>
      ))}
    </ul>
  );
}

/** A part of a whole as a bar; the numbers beside it say the same. */
export function ShareBar({ part, whole }: { readonly part: number; readonly whole: number }) {
  const share = whole === 0 ? 0 : Math.min(1, part / whole);
  return (
    <svg className="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect className="share-bar-all" width="100" height="4" rx="2" />
      <rect width={share * 100} height="4" rx="2" />
    </svg>
  );
}
