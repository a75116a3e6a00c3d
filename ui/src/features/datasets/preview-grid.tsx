import { ScrollArea } from "../../components/scroll-area.tsx";
import type { DatastoreSearch } from "../../lib/contract.ts";
import { formatCell } from "../../lib/format.ts";

export interface Sort {
  readonly field: string;
  readonly direction: "asc" | "desc";
}

interface PreviewGridProps {
  readonly data: DatastoreSearch;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
  /** Another page is on its way; this one is still shown. */
  readonly waiting: boolean;
}

const numeric = /^(int|numeric|float|double|real|bigint|smallint|decimal)/;

/** Rows of a table under the names and types of its fields; pressing a name sorts by it. */
export function PreviewGrid({ data, sort, onSort, waiting }: PreviewGridProps) {
  const fields = data.fields.filter((field) => field.id !== "_id");
  return (
    <ScrollArea label="Rows of the table" aria-busy={waiting || undefined}>
      <table className="grid-table">
        <thead>
          <tr>
            {fields.map((field) => (
              <FieldHead key={field.id} field={field} sort={sort} onSort={onSort} />
            ))}
            <td className="filler" />
          </tr>
        </thead>
        <tbody>
          {data.records.map((record, index) => (
            <tr key={typeof record._id === "number" ? record._id : `row-${index}`}>
              {fields.map((field) => (
                <Cell key={field.id} value={record[field.id]} number={numeric.test(field.type)} />
              ))}
              <td className="filler" />
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface FieldHeadProps extends Pick<PreviewGridProps, "sort" | "onSort"> {
  readonly field: DatastoreSearch["fields"][number];
}

function FieldHead({ field: { id, type }, sort, onSort }: FieldHeadProps) {
  return (
    <th scope="col" className={numeric.test(type) ? "number" : undefined} aria-sort={ariaSort(sort, id)}>
      <button type="button" className="sort-button" onClick={() => onSort(nextSort(sort, id))}>
        {id}
        <span aria-hidden="true">{arrow(sort, id)}</span>
      </button>
      <span className="field-type">{type}</span>
    </th>
  );
}

function Cell({ value, number }: { readonly value: unknown; readonly number: boolean }) {
  if (value === null || value === undefined) return <td className="muted null-cell">null</td>;
  const text = formatCell(value);
  return (
    <td className={number ? "number" : undefined} title={text.length > 40 ? text : undefined}>
      {text}
    </td>
  );
}

function nextSort(sort: Sort | null, field: string): Sort | null {
  if (sort?.field !== field) return { field, direction: "asc" };
  return sort.direction === "asc" ? { field, direction: "desc" } : null;
}

function ariaSort(sort: Sort | null, field: string): "ascending" | "descending" | "none" {
  if (sort?.field !== field) return "none";
  return sort.direction === "asc" ? "ascending" : "descending";
}

function arrow(sort: Sort | null, field: string): string {
  if (sort?.field !== field) return "";
  return sort.direction === "asc" ? " ↑" : " ↓";
}
