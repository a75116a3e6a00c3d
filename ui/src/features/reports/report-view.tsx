import { useMemo, useState } from "react";
import { Empty } from "../../components/empty.tsx";
import { Icon } from "../../components/icon.tsx";
import { Prose } from "../../components/prose.tsx";
import type { Report, ReportError, ReportTask } from "../../lib/contract.ts";
import { formatBytes, formatCount, formatNumber } from "../../lib/format.ts";
import { adviceFor } from "./advice.ts";
import { groupErrors } from "./error-rows.ts";
import { ErrorTable } from "./error-table.tsx";

/** A validation report: each table's verdict, counts per kind, and the bad cells in their rows. */
export function ReportView({ report }: { readonly report: Report }) {
  return (
    <div className="report">
      {report.errors.length > 0 && <ErrorItems errors={report.errors} />}
      {report.tasks.map((task) => (
        <ReportTaskView key={`${task.name} ${task.place}`} task={task} />
      ))}
    </div>
  );
}

function ReportTaskView({ task }: { readonly task: ReportTask }) {
  const [kind, setKind] = useState<string | null>(null);
  const { rows, others } = useMemo(
    () => groupErrors(kind === null ? task.errors : task.errors.filter((error) => error.type === kind)),
    [task, kind],
  );
  return (
    <section className="report-task" aria-label={`Report on ${task.name}`}>
      <Verdict task={task} />
      <Kinds task={task} kind={kind} onKind={setKind} />
      {kind !== null && <p className="advice">{adviceFor(kind)}</p>}
      {others.length > 0 && <ErrorItems errors={others} />}
      {rows.length > 0 && <ErrorTable key={kind} task={task} rows={rows} />}
      {task.warnings.length > 0 && <Warnings warnings={task.warnings} />}
      {task.valid && task.warnings.length === 0 && (
        <Empty icon="check" title="Every cell fits">
          All {formatNumber(task.stats.rows)} rows were checked against their types and constraints.
        </Empty>
      )}
    </section>
  );
}

function Verdict({ task }: { readonly task: ReportTask }) {
  const { rows, fields, bytes, errors } = task.stats;
  return (
    <p className="verdict">
      <strong className={task.valid ? "status-done" : "status-failed"}>
        {task.valid ? "Valid" : formatCount(errors, "error")}
      </strong>
      <span>
        {" "}
        in <code>{task.name}</code>
      </span>
      <span className="muted">
        {[
          rows === undefined || rows === null ? null : formatCount(rows, "row"),
          fields === undefined || fields === null ? null : formatCount(fields, "field"),
          bytes === undefined || bytes === null ? null : formatBytes(bytes),
        ]
          .filter((part) => part !== null)
          .map((part) => ` · ${part}`)}
        {errors > task.errors.length && ` · the first ${formatNumber(task.errors.length)} are shown`}
      </span>
    </p>
  );
}

interface KindsProps {
  readonly task: ReportTask;
  readonly kind: string | null;
  readonly onKind: (kind: string | null) => void;
}

/** How many of each kind; pressing one shows only these. */
function Kinds({ task, kind, onKind }: KindsProps) {
  const counts = Object.entries(task.stats.errorCounts ?? countKinds(task.errors)).filter(
    ([, count]) => count > 0,
  );
  if (counts.length === 0) return null;
  return (
    <ul className="kinds" aria-label="Errors per kind">
      {counts.map(([type, count]) => (
        <li key={type}>
          <button
            type="button"
            className="kind"
            aria-pressed={kind === type}
            onClick={() => onKind(kind === type ? null : type)}
          >
            <span className="kind-count">{formatNumber(count)}</span> {type}
          </button>
        </li>
      ))}
    </ul>
  );
}

function countKinds(errors: readonly ReportError[]): Record<string, number> {
  const groups = Map.groupBy(errors, (error) => error.type);
  return Object.fromEntries([...groups].map(([type, members]) => [type, members.length]));
}

/** Errors that belong to no row: of the header, the file, its metadata. */
function ErrorItems({ errors }: { readonly errors: readonly ReportError[] }) {
  return (
    <ul className="error-items">
      {errors.map((error) => (
        <li key={`${error.type} ${error.fieldNumber ?? ""} ${error.message}`}>
          <Icon name="alert" />
          <span>
            <Prose text={error.message} /> <code className="muted">{error.type}</code>
            <br />
            <span className="muted">{adviceFor(error.type)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  return (
    <ul className="warnings">
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
}
