import { PageHead } from "../../components/page-head.tsx";
import { datasetUrl } from "../../lib/urls.ts";
import { useTitle } from "../../lib/use-title.ts";
import { RunBrowser } from "../runs/run-browser.tsx";
import { BadgeCard } from "./badge-card.tsx";

/** `/@{org}/{dataset}/actions/`: the runs of one dataset. */
export function DatasetPage({ dataset }: { readonly dataset: string }) {
  useTitle(`@${dataset}`);
  return (
    <>
      <PageHead
        trail={[
          { title: "Datasets", href: "/datasets" },
          { title: `@${dataset}`, href: datasetUrl(dataset) },
        ]}
        title={`@${dataset}`}
        lead="Everything that was run for this dataset."
      />
      <BadgeCard dataset={dataset} />
      <RunBrowser fixed={{ dataset }} />
    </>
  );
}
