import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { statusWord } from "../../components/status.tsx";
import { SearchField, TextField } from "../../components/text-field.tsx";
import type { RunStatus } from "../../lib/contract.ts";
import { type RunFilter, runFilters } from "../../lib/run-queries.ts";
import { useAddress } from "../../lib/use-address.ts";

const statuses: readonly RunStatus[] = ["RUNNING", "WAITING", "DONE", "FAILED", "CANCELLED"];

const texts: readonly { readonly name: RunFilter; readonly label: string; readonly example: string }[] = [
  { name: "dag", label: "DAG", example: "load" },
  { name: "job_type", label: "Job type", example: "LOAD" },
  { name: "dataset", label: "Dataset", example: "org/dataset" },
  { name: "resource", label: "Resource", example: "id or name" },
  { name: "user", label: "User", example: "name" },
];

/** The filters of a list of runs. They live in the address, so a filtered list can be kept and sent. */
export function RunFilters({ fixed = [] }: { readonly fixed?: readonly RunFilter[] }) {
  const [params, change] = useAddress();
  const set = (name: RunFilter, value: string) => change({ [name]: value, cursor: null }, { replace: true });
  const active = runFilters.filter((name) => params.get(name) !== null && !fixed.includes(name));
  const [open, setOpen] = useState(active.some((name) => name !== "q" && name !== "status"));
  return (
    <search className="filters" aria-label="Filter runs">
      <SearchField
        label="Search runs"
        placeholder="Search runs"
        eager={params.has("search")}
        value={params.get("q") ?? ""}
        onChange={(value) => set("q", value)}
      />
      <StatusFilter value={params.get("status") ?? ""} onChange={(value) => set("status", value)} />
      <Button aria-expanded={open} aria-controls="more-filters" onClick={() => setOpen(!open)}>
        More filters
      </Button>
      {active.length > 0 && (
        <Button
          look="quiet"
          icon="cross"
          onClick={() => change(Object.fromEntries([...active, "cursor"].map((name) => [name, null])))}
        >
          Clear
        </Button>
      )}
      <MoreFilters fixed={fixed} open={open} onChange={set} />
    </search>
  );
}

interface MoreFiltersProps {
  readonly fixed: readonly RunFilter[];
  readonly open: boolean;
  readonly onChange: (name: RunFilter, value: string) => void;
}

function MoreFilters({ fixed, open, onChange }: MoreFiltersProps) {
  const [params] = useAddress();
  return (
    <div id="more-filters" className="filter-fields" hidden={!open}>
      {texts
        .filter(({ name }) => !fixed.includes(name))
        .map(({ name, label, example }) => (
          <TextField
            key={name}
            label={label}
            placeholder={example}
            value={params.get(name) ?? ""}
            onChange={(value) => onChange(name, value)}
          />
        ))}
      <DayFilter label="Since" name="since" value={params.get("since")} onChange={onChange} />
      <DayFilter label="Until" name="until" value={params.get("until")} onChange={onChange} />
    </div>
  );
}

interface StatusFilterProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function StatusFilter({ value, onChange }: StatusFilterProps) {
  return (
    <label>
      <span className="visually-hidden">Status</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Any status</option>
        {value.includes(",") && <option value={value}>{statusesInWords(value)}</option>}
        {statuses.map((status) => (
          <option key={status} value={status}>
            {statusWord(status)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** `RUNNING,WAITING` gives `Running or waiting`. */
function statusesInWords(value: string): string {
  const words = value.toLowerCase().split(",").join(" or ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface DayFilterProps {
  readonly label: string;
  readonly name: "since" | "until";
  readonly value: string | null;
  readonly onChange: (name: RunFilter, value: string) => void;
}

/** A day in the reader's zone: `since` means its beginning, `until` its end. */
function DayFilter({ label, name, value, onChange }: DayFilterProps) {
  const toInstant = (day: string) =>
    day === "" ? "" : new Date(`${day}T${name === "since" ? "00:00:00.000" : "23:59:59.999"}`).toISOString();
  return (
    <label>
      <span>{label}</span>
      <input
        className="input"
        type="date"
        value={value === null ? "" : localDay(value)}
        onChange={(event) => onChange(name, toInstant(event.target.value))}
      />
    </label>
  );
}

function localDay(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
