import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useMemo, useRef } from "react";
import { Prose } from "../../components/prose.tsx";
import { ScrollArea } from "../../components/scroll-area.tsx";
import type { ReportError, ReportTask } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";
import { type Column, cellAt, columnsOf, type ErrorRow, errorAt, placesOf } from "./error-rows.ts";

interface ErrorTableProps {
  readonly task: ReportTask;
  readonly rows: readonly ErrorRow[];
  /** Place in `rows` of the row that one looks at; null: none. */
  readonly current: number | null;
  readonly onCurrent: (current: number) => void;
  /** Errors that were not in the report before. */
  readonly isNew: (error: ReportError) => boolean;
}

/** Height of a row with one message, before it is measured. */
const ROW = 62;

/** The bad cells in their rows, as they stand in the file; under each row what is wrong. */
export function ErrorTable({ task, rows, current, onCurrent, isNew }: ErrorTableProps) {
  const scroller = useRef<HTMLElement>(null);
  const columns = useMemo(() => columnsOf(task, rows), [task, rows]);
  const virtual = useErrorRows(rows, scroller, current);
  const items = virtual.getVirtualItems();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "n" ? 1 : event.key === "p" ? -1 : 0;
    const next = (current ?? (items[0]?.index ?? 0) - step) + step;
    if (step !== 0 && next >= 0 && next < rows.length) onCurrent(next);
  };
  const label = `Rows of ${task.name} with errors`;
  return (
    <ScrollArea ref={scroller} className="error-table" label={label} onKeyDown={onKeyDown}>
      <table className="grid-table">
        <Head columns={columns} bad={placesOfErrors(rows)} />
        <Spacer height={items[0]?.start ?? 0} />
        {items.map(({ key, index }) => {
          const row = rows[index];
          const shown = { columns, labels: task.labels.length };
          const look = index === current ? "current-row" : undefined;
          return row === undefined ? null : (
            <tbody key={key} ref={virtual.measureElement} data-index={index} className={look}>
              <Cells row={row} {...shown} />
              <Messages row={row} {...shown} isNew={isNew} />
            </tbody>
          );
        })}
        <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
      </table>
    </ScrollArea>
  );
}

/** The rows in sight; the current one is brought there. */
function useErrorRows(
  rows: readonly ErrorRow[],
  scroller: RefObject<HTMLElement | null>,
  current: number | null,
) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.row ?? index,
    overscan: 10,
  });
  useEffect(() => {
    if (current === null) return;
    virtual.scrollToIndex(current, { align: "center" });
    // so that `n` and `p` go on from here
    scroller.current?.focus({ preventScroll: true });
  }, [current, virtual, scroller]);
  return virtual;
}

interface HeadProps {
  readonly columns: readonly Column[];
  /** Columns that hold bad cells. */
  readonly bad: ReadonlySet<number>;
}

function Head({ columns, bad }: HeadProps) {
  return (
    <>
      <colgroup>
        <col style={{ width: "5.5rem" }} />
        {columns.map(({ key, width }) => (
          <col key={key} style={{ width: `${width}ch` }} />
        ))}
        {/* Takes what the columns leave. */}
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" className="row-number">
            Row
          </th>
          {columns.map(({ key, label, place }) => (
            <th key={key} scope="col" title={label} className={bad.has(place) ? "bad-column" : undefined}>
              {label === "" ? <span className="muted">no name</span> : label}
            </th>
          ))}
          <td />
        </tr>
      </thead>
    </>
  );
}

function placesOfErrors(rows: readonly ErrorRow[]): ReadonlySet<number> {
  const numbers = rows.flatMap(placesOf);
  return new Set(numbers.map((number) => number - 1));
}

/** Stands for the rows that are not in sight. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tbody className="spacer" aria-hidden="true">
      <tr style={{ height }} />
    </tbody>
  );
}

interface RowProps {
  readonly row: ErrorRow;
  readonly columns: readonly Column[];
  /** Columns that the header has. */
  readonly labels: number;
}

function Cells({ row, columns, labels }: RowProps) {
  return (
    <tr className="error-row">
      <th scope="row" className="row-number" title={row.line === null ? undefined : `Line ${row.line}`}>
        {formatNumber(row.row)}
      </th>
      {columns.map(({ key, place }) => (
        <Cell key={key} cell={cellAt(row, place)} error={errorAt(row, place, labels)} place={place} />
      ))}
      <td />
    </tr>
  );
}

interface CellProps {
  readonly cell: string | null;
  readonly error: ReportError | undefined;
  readonly place: number;
}

function Cell({ cell, error, place }: CellProps) {
  if (error === undefined) return <td title={cell ?? ""}>{cell}</td>;
  return (
    <td className="bad-cell" data-place={place} title={error.message}>
      {cell === null || cell === "" ? <em>{cell === null ? "missing" : "empty"}</em> : cell}
    </td>
  );
}

function Messages({ row, columns, labels, isNew }: RowProps & Pick<ErrorTableProps, "isNew">) {
  return (
    <tr className="error-messages">
      <td colSpan={columns.length + 2}>
        <ul>
          {row.errors.map((error, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two errors of a row may be alike but for their place
            <li key={`${i} ${error.type} ${error.fieldNumber ?? ""}`}>
              {isNew(error) && <span className="tag tag-new">new</span>}
              <Message
                error={error}
                place={columns.find(({ place }) => errorAt(row, place, labels) === error)?.place}
              />
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

/** What is wrong; pressing it brings the cell into sight. */
function Message({ error, place }: { readonly error: ReportError; readonly place: number | undefined }) {
  const text = <Prose text={error.message} />;
  return (
    <>
      {place === undefined ? (
        text
      ) : (
        <button
          type="button"
          className="cell-link"
          title="Show the cell"
          onClick={(event) => showCell(event, place)}
        >
          {text}
        </button>
      )}{" "}
      <code className="muted">{error.type}</code>
    </>
  );
}

function showCell({ currentTarget }: MouseEvent<HTMLElement>, place: number): void {
  const cell = currentTarget.closest("tbody")?.querySelector(`[data-place="${place}"]`);
  cell?.scrollIntoView({ block: "nearest", inline: "center", behavior: "smooth" });
}
