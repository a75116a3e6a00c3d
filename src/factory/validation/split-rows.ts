import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fullDialect } from "../../descriptor/dialect.ts";
import { scan } from "../../plan/build.ts";
import type { Engine } from "../../plan/engine.ts";
import type { LocalTable } from "../../reading/local-table.ts";
import { readSource } from "../../reading/open-source.ts";
import { readRecords } from "../../reading/records.ts";
import type { Storage } from "../../storage/storage.ts";
import type { TaskResult } from "../task.ts";
import type { RowSet } from "./row-set.ts";

export interface RowSplit {
  readonly table: LocalTable;
  /** Rows with errors, as the report numbers them. */
  readonly bad: RowSet;
  /** What the files are called: `<name>.good.csv` and `<name>.bad.csv`. */
  readonly name: string;
  readonly limitRows: number | undefined;
  readonly engine: Engine;
  readonly storage: Storage;
  /** Address below which the files are written. */
  readonly address: string;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
}

type Outputs = NonNullable<TaskResult["outputs"]>;

/** Reads a table once more and writes its good rows and its bad ones to two files of CSV, cells as they stand. */
export async function splitRows(split: RowSplit): Promise<Outputs> {
  const files = { good: openCsv(split, "good"), bad: openCsv(split, "bad") };
  try {
    await eachRow(split, (row, cells) => (split.bad.has(row) ? files.bad : files.good).write(cells));
    return [await files.good.store(), await files.bad.store()];
  } finally {
    await Promise.all([files.good.remove(), files.bad.remove()]);
  }
}

type OnRow = (row: number, cells: readonly (string | null)[]) => void;

async function eachRow(split: RowSplit, onRow: OnRow): Promise<void> {
  const { table, signal, limitRows = Number.POSITIVE_INFINITY } = split;
  let rows = 0;
  if (table.format !== "csv") return eachOfEngine(split, onRow);
  const { path, resource } = table;
  await readRecords(readSource({ source: path, path, compression: table.compression }), {
    dialect: fullDialect(resource.dialect),
    signal,
    onRecord: ({ row, cells }) => {
      if (rows++ >= limitRows) return false;
      onRow(row, cells);
      return true;
    },
  });
}

/** Rows of a format that has types of its own; they count from 2, as in the report. */
async function eachOfEngine(
  { engine, table, limitRows = Number.POSITIVE_INFINITY, signal }: RowSplit,
  onRow: OnRow,
): Promise<void> {
  const described = await engine.describe(table);
  let rows = 0;
  for await (const batch of engine.stream(scan(described, { step: "1", processor: "validate" }), {
    signal,
  })) {
    for (const row of batch) {
      if (rows++ >= limitRows) return;
      onRow(
        rows + 1,
        described.columns.map((name) => textOf(row[name])),
      );
    }
  }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value).replace(/^"(.*)"$/s, "$1") : String(value);
}

const chunk = 1 << 18;

/** A file of CSV on this machine, then in the storage. Writing waits for the disk, so memory stays bounded. */
function openCsv({ table, name, storage, address, temporaryFolder, signal }: RowSplit, kind: "good" | "bad") {
  const path = join(temporaryFolder, `${kind}-${name}.csv`);
  const file = openSync(path, "w");
  const state = { text: "", rows: 0, open: true };
  const flush = () => {
    writeSync(file, state.text);
    state.text = "";
  };
  const close = () => {
    if (state.open) closeSync(file);
    state.open = false;
  };
  const put = (cells: readonly (string | null)[]) => {
    state.text += `${cells.map(csvCell).join(",")}\n`;
    if (state.text.length > chunk) flush();
  };
  put(table.labels.length > 0 ? table.labels : table.columns);
  return {
    write: (cells: readonly (string | null)[]) => {
      state.rows++;
      put(cells);
    },
    store: async (): Promise<Outputs[number]> => {
      flush();
      close();
      const output = `${name}.${kind}.csv`;
      const { bytes } = await storage.write(`${address}${output}`, createReadStream(path), signal);
      return { name: output, format: "csv", rows: state.rows, bytes };
    },
    remove: async () => {
      close();
      await rm(path, { force: true });
    },
  };
}

function csvCell(cell: string | null): string {
  if (cell === null) return "";
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
