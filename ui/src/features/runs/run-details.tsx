import { useState } from "react";
import { type Tab, Tabs } from "../../components/tabs.tsx";
import type { Run } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";
import type { useReport } from "../../lib/run-queries.ts";
import { useAddress } from "../../lib/use-address.ts";
import { TablePreview } from "../datasets/table-preview.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { InputsPanel } from "./inputs-panel.tsx";
import { LogPanel } from "./log-panel.tsx";
import { OutputsPanel } from "./outputs-panel.tsx";
import { type TaskGroup, tableOf } from "./task-groups.ts";

interface RunDetailsProps {
  readonly run: Run;
  readonly groups: readonly TaskGroup[];
  readonly active: boolean;
  readonly report: ReturnType<typeof useReport>;
}

/** Log, findings, table, outputs and inputs, one at a time. */
export function RunDetails({ run, groups, active, report }: RunDetailsProps) {
  const [params, change] = useAddress();
  const [pinned, setPinned] = useState<string | null>(null);
  const table = tableOf(groups);
  const errors = report.data?.stats.errors ?? 0;
  const tabs = tabsOf(table, errors);
  const asked = params.get("tab") ?? (location.hash.startsWith("#L") ? "log" : pinned);
  const selected = tabs.find((tab) => tab.id === asked)?.id ?? tabToStartWith({ run, active, table, errors });
  // Whoever reads or types in a tab keeps it, whatever happens to the run meanwhile.
  const pin = () => setPinned(selected);
  return (
    <section className="card" aria-label="Details" onPointerDown={pin} onKeyDown={pin} onWheel={pin}>
      <Tabs
        label="Details of the run"
        tabs={tabs}
        selected={selected}
        onSelect={(tab) => change({ tab }, { replace: true })}
      >
        {selected === "log" && (
          <LogPanel
            run={run}
            groups={groups}
            active={active}
            task={params.get("task")}
            onTask={(task) => change({ task, tab: "log" }, { replace: true })}
          />
        )}
        {selected === "check" && <CheckPanel run={run.id} report={report} active={active} />}
        {selected === "table" && table !== null && <TablePreview table={table} />}
        {selected === "outputs" && <OutputsPanel run={run} />}
        {selected === "inputs" && <InputsPanel run={run} />}
      </Tabs>
    </section>
  );
}

function tabsOf(table: string | null, errors: number): readonly Tab[] {
  return [
    { id: "log", title: "Log" },
    { id: "check", title: "Findings", ...(errors > 0 ? { note: formatNumber(errors), look: "bad" } : {}) },
    ...(table === null ? [] : [{ id: "table", title: "Table" }]),
    { id: "outputs", title: "Outputs" },
    { id: "inputs", title: "Inputs" },
  ];
}

interface Situation {
  readonly run: Run;
  readonly active: boolean;
  readonly table: string | null;
  readonly errors: number;
}

/** What one wants to see first: while it runs, what it says; then what is wrong; else what was loaded. */
function tabToStartWith({ run, active, table, errors }: Situation): string {
  const failedOtherwise = run.status === "FAILED" && run.error?.code !== "data-error";
  if (active || failedOtherwise) return "log";
  if (errors > 0 || (run.status === "DONE" && run.job_type === "VALIDATE")) return "check";
  return run.status === "DONE" && table !== null ? "table" : "log";
}
