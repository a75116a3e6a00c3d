import { type SyntheticEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { DownloadLink } from "../../components/download-link.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { Icon } from "../../components/icon.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { dumpUrl, useTableRows } from "../../lib/datastore-queries.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { PreviewGrid, type Sort } from "./preview-grid.tsx";

const PAGE = 25;
const dumpFormats = ["csv", "json", "parquet"] as const;

/** A loaded table: its fields with their types, a page of its rows, and where to get it whole. */
export function TablePreview({ table }: { readonly table: string }) {
  const [offset, setOffset] = useState(0);
  const [sort, setSort] = useState<Sort | null>(null);
  const [q, setQ] = useState("");
  const order = sort === null ? "" : `"${sort.field.replaceAll('"', '""')}" ${sort.direction}`;
  const rows = useTableRows({ table, offset, limit: PAGE, sort: order, q });
  /** Whoever sorts or searches begins anew. */
  const fromStart =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      setOffset(0);
    };
  return (
    <div className="preview">
      <PreviewTools table={table} q={q} onSearch={fromStart(setQ)} total={rows.data?.total} />
      {rows.isError ? (
        <ErrorBox error={rows.error} onRetry={() => void rows.refetch()} />
      ) : rows.data === undefined ? (
        <Skeleton lines={10} height={33} />
      ) : rows.data.records.length === 0 ? (
        <Empty icon="table" title={q === "" ? "The table has no rows" : "No row holds these words"} />
      ) : (
        <PreviewGrid
          data={rows.data}
          sort={sort}
          onSort={fromStart(setSort)}
          waiting={rows.isPlaceholderData}
        />
      )}
      <PreviewPages offset={offset} total={rows.data?.total ?? 0} onOffset={setOffset} />
    </div>
  );
}

interface PreviewPagesProps {
  readonly offset: number;
  readonly total: number;
  readonly onOffset: (offset: number) => void;
}

function PreviewPages({ offset, total, onOffset }: PreviewPagesProps) {
  if (total <= PAGE) return null;
  const end = Math.min(offset + PAGE, total);
  return (
    <nav className="pages" aria-label="Pages of the table">
      <span className="muted">
        {formatNumber(offset + 1)} to {formatNumber(end)} of {formatNumber(total)}
      </span>
      <Button disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - PAGE))}>
        Previous
      </Button>
      <Button disabled={end >= total} onClick={() => onOffset(offset + PAGE)}>
        Next
      </Button>
    </nav>
  );
}

interface PreviewToolsProps {
  readonly table: string;
  readonly q: string;
  readonly total: number | undefined;
  readonly onSearch: (q: string) => void;
}

function PreviewTools({ table, q, total, onSearch }: PreviewToolsProps) {
  return (
    <div className="preview-tools">
      <RowSearch q={q} onSearch={onSearch} />
      <span className="muted">
        <code>{table}</code>
        {total !== undefined && ` · ${formatCount(total, "row")}`}
      </span>
      <span className="preview-downloads">
        {dumpFormats.map((format) => (
          <DownloadLink
            key={format}
            href={dumpUrl(table, format)}
            name={`${table}.${format}`}
            label={`Download the table as ${format.toUpperCase()}`}
          >
            {format.toUpperCase()}
          </DownloadLink>
        ))}
      </span>
    </div>
  );
}

/** Searches on Enter: a table may be long, and a search through all of it slow. */
function RowSearch({ q, onSearch }: Pick<PreviewToolsProps, "q" | "onSearch">) {
  const [text, setText] = useState(q);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return (
    <form className="search-field" onSubmit={submit}>
      <Icon name="search" />
      <input
        className="input"
        type="search"
        placeholder="Search the rows"
        aria-label="Search the rows, Enter to start"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === "") onSearch("");
        }}
      />
    </form>
  );
}
