import { type SyntheticEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { formatNumber } from "../../lib/format.ts";
import type { Change, ReportFilter } from "./report-filters.ts";

interface FilterBarProps {
  readonly filter: ReportFilter;
  readonly onFilter: (filter: ReportFilter) => void;
  readonly fields: readonly (readonly [string, number])[];
  /** True if there is a report before. */
  readonly hasChanges: boolean;
  /** Undefined where no error has a row. */
  readonly onRow: ((row: number) => void) | undefined;
}

/** Narrows the errors to a field or to what is new, and goes to a row. */
export function FilterBar({ filter, onFilter, fields, hasChanges, onRow }: FilterBarProps) {
  return (
    <div className="filter-bar">
      {fields.length > 1 && (
        <label>
          Field{" "}
          <select
            className="input"
            value={filter.field ?? ""}
            onChange={({ target }) => onFilter({ ...filter, field: target.value || null })}
          >
            <option value="">all</option>
            {fields.map(([field, count]) => (
              <option key={field} value={field}>
                {`${field} (${formatNumber(count)})`}
              </option>
            ))}
          </select>
        </label>
      )}
      {hasChanges && (
        <label>
          Since the report before{" "}
          <select
            className="input"
            value={filter.change ?? ""}
            // the options have these values only
            onChange={({ target }) =>
              onFilter({ ...filter, change: (target.value || null) as Change | null })
            }
          >
            <option value="">all</option>
            <option value="new">new</option>
            <option value="remaining">remaining</option>
          </select>
        </label>
      )}
      {onRow !== undefined && <RowForm onRow={onRow} />}
    </div>
  );
}

function RowForm({ onRow }: { readonly onRow: (row: number) => void }) {
  const [row, setRow] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (row !== "") onRow(Number(row));
  };
  return (
    <form className="row-form" onSubmit={submit}>
      <label>
        Row{" "}
        <input
          className="input"
          type="number"
          min={1}
          value={row}
          onChange={({ target }) => setRow(target.value)}
        />
      </label>
      <Button type="submit" disabled={row === ""}>
        Go
      </Button>
    </form>
  );
}
