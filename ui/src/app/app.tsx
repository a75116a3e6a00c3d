import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Route, Switch } from "wouter";
import { AnnouncerProvider } from "../components/announcer.tsx";
import { NotFoundPage } from "../components/not-found.tsx";
import { DagPage } from "../features/dags/dag-page.tsx";
import { DagsPage } from "../features/dags/dags-page.tsx";
import { DatasetPage } from "../features/datasets/dataset-page.tsx";
import { DatasetsPage } from "../features/datasets/datasets-page.tsx";
import { OverviewPage } from "../features/overview/overview-page.tsx";
import { ReportPage } from "../features/reports/report-page.tsx";
import { SharedPage } from "../features/reports/shared-page.tsx";
import { RunPage } from "../features/runs/run-page.tsx";
import { RunsPage } from "../features/runs/runs-page.tsx";
import { isRefusal } from "../lib/error.ts";
import { PlainShell, Shell } from "./shell.tsx";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the factory refuses, it refuses again; what did not arrive is asked for until it does.
      retry: (failures, error) => failures < 1 && !isRefusal(error),
      retryDelay: 500,
      refetchInterval: ({ state }) => (state.status === "error" && !isRefusal(state.error) ? 3000 : false),
      staleTime: 1000,
    },
  },
});

/** All pages, by address. */
export function App() {
  return (
    <QueryClientProvider client={client}>
      <AnnouncerProvider>
        <Switch>
          <Route path="/shared/:secret">
            {({ secret }) => (
              <PlainShell>
                <SharedPage key={secret} secret={secret} />
              </PlainShell>
            )}
          </Route>
          <Route>
            <FactoryPages />
          </Route>
        </Switch>
      </AnnouncerProvider>
    </QueryClientProvider>
  );
}

/** The pages of who works with the factory. */
function FactoryPages() {
  return (
    <Shell>
      <Switch>
        <Route path="/">
          <OverviewPage />
        </Route>
        <Route path="/runs">
          <RunsPage />
        </Route>
        <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
        <Route path="/dags">
          <DagsPage />
        </Route>
        <Route path="/dags/:id">{({ id }) => <DagPage key={id} id={id} />}</Route>
        <Route path="/datasets">
          <DatasetsPage />
        </Route>
        <Route path="/reports/:id">{({ id }) => <ReportPage key={id} id={id} />}</Route>
        <Route path={/^\/@(?<org>[^/]+)\/(?<dataset>[^/]+)\/actions\/?$/}>
          {({ org, dataset }) => <DatasetPage key={`${org}/${dataset}`} dataset={`${org}/${dataset}`} />}
        </Route>
        <Route path={/^\/@[^/]+\/[^/]+\/actions\/runs\/(?<id>[^/]+)\/?$/}>
          {({ id = "" }) => <RunPage key={id} id={id} />}
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Shell>
  );
}
