import { Link } from "wouter";
import { withQuery } from "../lib/api.ts";
import { useAddress } from "../lib/use-address.ts";

interface PagesProps {
  /** The cursor of the next page; `null` on the last. */
  readonly next: string | null;
  /** What the ways to the next page and back to the first are called. */
  readonly forward: string;
  readonly back: string;
}

/** The ways through a list whose cursor stands in the address. */
export function Pages({ next, forward, back }: PagesProps) {
  const [params] = useAddress();
  const query = Object.fromEntries(params);
  const onLaterPage = params.has("cursor");
  if (next === null && !onLaterPage) return null;
  return (
    <nav className="pages" aria-label="Pages">
      {onLaterPage && (
        <Link className="button" href={withQuery("", { ...query, cursor: null }) || "?"}>
          {back}
        </Link>
      )}
      {next !== null && (
        <Link className="button" href={withQuery("", { ...query, cursor: next })}>
          {forward}
        </Link>
      )}
    </nav>
  );
}
