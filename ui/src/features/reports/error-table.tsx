import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { Prose } from "../../components/prose.tsx";
import { ScrollArea } from "../../components/scroll-area.tsx";
import type { ReportTask } from "../../lib/contract.ts";
import { formatNumber } from "../../lib/format.ts";
import { type Column, cellAt, columnsOf, type ErrorRow, errorAt } from "./error-rows.ts";

interface ErrorTableProps {
  readonly task: ReportTask;
  readonly rows: readonly ErrorRow[];
}

/** Height of a row with one message, before it is measured. */
const ROW = 62;

/** The bad cells in their rows, as they stand in the file; under each row what is wrong. */
export function ErrorTable({ task, rows }: ErrorTableProps) {
  const scroller = useRef<HTMLElement>(null);
  const columns = useMemo(() => columnsOf(task, rows), [task, rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.row ?? index,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  return (
    <ScrollArea ref={scroller} className="error-table" label={`Rows of ${task.name} with errors`}>
      <table className="grid-table">
        <Head columns={columns} />
        <Spacer height={items[0]?.start ?? 0} />
        {items.map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <tbody key={item.key} ref={virtual.measureElement} data-index={item.index}>
              <Cells row={row} columns={columns} />
              <Messages row={row} span={columns.length + 1} />
            </tbody>
          );
        })}
        <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
      </table>
    </ScrollArea>
  );
}

function Head({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <>
      <colgroup>
        <col style={{ width: "5.5rem" }} />
        {columns.map(({ key, width }) => (
          <col key={key} style={{ width: `${width}ch` }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col" className="row-number">
            Row
          </th>
          {columns.map(({ key, label }) => (
            <th key={key} scope="col" title={label}>
              {label === "" ? <span className="muted">no name</span> : label}
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}

/** Stands for the rows that are not in sight. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tbody className="spacer" aria-hidden="true">
      <tr style={{ height }} />
    </tbody>
  );
}

function Cells({ row, columns }: { readonly row: ErrorRow; readonly columns: readonly Column[] }) {
  return (
    <tr className="error-row">
      <th scope="row" className="row-number" title={row.line === null ? undefined : `Line ${row.line}`}>
        {formatNumber(row.row)}
      </th>
      {columns.map(({ key, place }) => (
        <Cell key={key} row={row} place={place} />
      ))}
    </tr>
  );
}

function Cell({ row, place }: { readonly row: ErrorRow; readonly place: number }) {
  const error = errorAt(row, place);
  const cell = cellAt(row, place);
  if (error === undefined) return <td title={cell ?? ""}>{cell}</td>;
  return (
    <td className="bad-cell" title={error.message}>
      {cell === null || cell === "" ? <em>{cell === null ? "missing" : "empty"}</em> : cell}
    </td>
  );
}

function Messages({ row, span }: { readonly row: ErrorRow; readonly span: number }) {
  return (
    <tr className="error-messages">
      <td colSpan={span}>
        <ul>
          {row.errors.map((error) => (
            <li key={`${error.type} ${error.fieldNumber ?? ""}`}>
              {error.fieldName ? <strong>{error.fieldName}</strong> : null} <Prose text={error.message} />{" "}
              <code className="muted">{error.type}</code>
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
