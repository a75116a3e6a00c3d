import { PageHead } from "../../components/page-head.tsx";
import { useTitle } from "../../lib/use-title.ts";
import { RunBrowser } from "./run-browser.tsx";

/** `/runs`: every run there was. */
export function RunsPage() {
  useTitle("Runs");
  return (
    <>
      <PageHead title="Runs" />
      <RunBrowser />
    </>
  );
}
