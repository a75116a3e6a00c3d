import { Link } from "wouter";
import { useTitle } from "../lib/use-title.ts";
import { Empty } from "./empty.tsx";

/** There is nothing at this address. */
export function NotFoundPage({ what = "page" }: { readonly what?: string }) {
  useTitle("Not found");
  return (
    <div className="not-found">
      <h1 className="visually-hidden">Not found</h1>
      <Empty icon="search" title={`There is no ${what} here`}>
        It may have been removed, or the address has a typing error. Go to the <Link href="/">overview</Link>{" "}
        or to <Link href="/runs">all runs</Link>.
      </Empty>
    </div>
  );
}
