import { useMemo, useState } from "react";
import { useAnnounce } from "../../components/announcer.tsx";
import { Empty } from "../../components/empty.tsx";
import { Icon } from "../../components/icon.tsx";
import { Prose } from "../../components/prose.tsx";
import type { Report, ReportComparison, ReportError, ReportTask } from "../../lib/contract.ts";
import { formatBytes, formatCount, formatNumber } from "../../lib/format.ts";
import { adviceFor } from "./advice.ts";
import { AdviceList } from "./advice-list.tsx";
import { type ErrorRow, groupErrors } from "./error-rows.ts";
import { ErrorTable } from "./error-table.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { changesOf, fieldsOf, filtered, noFilter, placeOfRow } from "./report-filters.ts";

interface ReportViewProps {
  readonly report: Report;
  /** What has changed since the report before, where there is one. */
  readonly comparison?: ReportComparison;
  /** The row to begin with. */
  readonly row?: string | null;
}

/** A validation report: each table's verdict, counts per kind, and the bad cells in their rows. */
export function ReportView({ report, comparison, row = null }: ReportViewProps) {
  return (
    <div className="report">
      {report.errors.length > 0 && <ErrorItems errors={report.errors} />}
      {report.warnings.length > 0 && <Warnings warnings={report.warnings} />}
      {report.tasks.map((task, i) => (
        <ReportTaskView
          key={`${task.name} ${task.place}`}
          task={task}
          comparison={comparison?.tasks[i]}
          row={row}
          isAlone={report.tasks.length === 1}
        />
      ))}
    </div>
  );
}

interface ReportTaskProps {
  readonly task: ReportTask;
  readonly comparison: ReportComparison["tasks"][number] | undefined;
  readonly row: string | null;
  /** Valid tables beside others need no more than their line. */
  readonly isAlone: boolean;
}

function ReportTaskView({ task, comparison, row, isAlone }: ReportTaskProps) {
  const [filter, setFilter] = useState(noFilter);
  const changes = useMemo(() => changesOf(task, comparison), [task, comparison]);
  const { rows, others } = useMemo(
    () => groupErrors(filtered(task.errors, filter, changes)),
    [task, filter, changes],
  );
  const [current, go] = useCurrentRow(rows, row);
  const fields = useMemo(() => fieldsOf(task.errors), [task]);
  const { kind } = filter;
  return (
    <section className="report-task" aria-label={`Report on ${task.name}`}>
      <Verdict task={task} />
      <AdviceList task={task} />
      <Kinds task={task} kind={kind} onKind={(kind) => setFilter({ ...filter, kind })} />
      {kind !== null && <p className="advice">{adviceFor(kind)}</p>}
      {task.errors.length > 0 && (
        <FilterBar
          filter={filter}
          onFilter={setFilter}
          fields={fields}
          hasChanges={changes.size > 0}
          onRow={rows.length > 1 ? go.toRow : undefined}
        />
      )}
      {others.length > 0 && <ErrorItems errors={others} />}
      {rows.length > 0 && (
        <ErrorTable
          key={JSON.stringify(filter)}
          task={task}
          rows={rows}
          current={current}
          onCurrent={go.toPlace}
          isNew={(error) => changes.get(error) === "new"}
        />
      )}
      <Rest task={task} shown={rows.length + others.length} isAlone={isAlone} />
    </section>
  );
}

interface RestProps {
  readonly task: ReportTask;
  readonly shown: number;
  readonly isAlone: boolean;
}

/** What is said beside the errors, or in their place. */
function Rest({ task, shown, isAlone }: RestProps) {
  return (
    <>
      {task.errors.length > 0 && shown === 0 && (
        <Empty icon="search" title="No error fits this filter">
          Choose another field, or show all kinds.
        </Empty>
      )}
      {task.warnings.length > 0 && <Warnings warnings={task.warnings} />}
      {isAlone && task.valid && task.warnings.length === 0 && (
        <Empty icon="check" title="Every cell fits">
          {formatCount(task.stats.rows, "row")} {task.stats.rows === 1 ? "was" : "were"} checked against their
          types and constraints.
        </Empty>
      )}
    </>
  );
}

interface Going {
  readonly toPlace: (place: number) => void;
  readonly toRow: (row: number) => void;
}

/** The row that one looks at, by its place, and ways to others; what is come to is said. */
function useCurrentRow(rows: readonly ErrorRow[], start: string | null): readonly [number | null, Going] {
  const announce = useAnnounce();
  const [current, setCurrent] = useState(() => (start === null ? null : placeOfRow(rows, Number(start))));
  const toPlace = (place: number) => {
    const row = rows[place];
    setCurrent(place);
    if (row) announce(`Row ${row.row}: ${row.errors.map(({ message }) => message).join(" ")}`);
  };
  const toRow = (wanted: number) => {
    const place = placeOfRow(rows, wanted);
    if (place === null) announce(`No row from ${wanted} on has an error that is listed.`);
    else toPlace(place);
  };
  return [current !== null && current < rows.length ? current : null, { toPlace, toRow }];
}

function Verdict({ task }: { readonly task: ReportTask }) {
  const { rows, fields, bytes } = task.stats;
  const errors = totalOf(task);
  // of a source that could not be opened there are no facts
  const isRead = fields + bytes > 0;
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
        {isRead &&
          [formatCount(rows, "row"), formatCount(fields, "field"), formatBytes(bytes)].map(
            (part) => ` · ${part}`,
          )}
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

/** How many errors there are, also those that are not listed. */
export function totalOf({ stats, errors }: ReportTask): number {
  const counted = Object.values(stats.errorCounts).reduce((sum, count) => sum + count, 0);
  return Math.max(counted, errors.length);
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

interface ErrorItemsProps {
  readonly errors: readonly ReportError[];
  /** Errors that are gone need no advice. */
  readonly look?: "fixed";
}

/** Errors as a list: those that belong to no row, but to the header, the file, its metadata. */
export function ErrorItems({ errors, look }: ErrorItemsProps) {
  return (
    <ul className={`error-items ${look ?? ""}`.trim()}>
      {errors.map((error, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two errors may be alike but for their place
        <li key={`${i} ${error.type}`}>
          <Icon name={look === "fixed" ? "check" : "alert"} />
          <span>
            {error.rowNumber !== undefined && <b>Row {formatNumber(error.rowNumber)}: </b>}
            <Prose text={error.message} /> <code className="muted">{error.type}</code>
            {look !== "fixed" && (
              <>
                <br />
                <span className="muted">{error.note || adviceFor(error.type)}</span>
              </>
            )}
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
