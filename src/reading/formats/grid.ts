import { AirCanError } from "../../base/errors.ts";
import type { Note } from "../../descriptor/types.ts";
import type { OpenedSource } from "../open-source.ts";
import type { FormatReading, ReadTable } from "./definition.ts";
import { gridOptions } from "./grid-options.ts";
import { spoolGrid } from "./grid-spool.ts";

/** A row of a grid that holds something. */
export interface GridRow {
  /** From 1, as people see it in their program. */
  readonly number: number;
  /** Texts from the first column on, `""` for an empty cell. */
  readonly cells: readonly string[];
}

/** One sheet, or one table of a page. */
export interface Grid {
  readonly name: string;
  /** What it is called too, such as the caption of a table with an `id`. */
  readonly alias?: string;
  /** Hidden sheets, and tables that only lay out a page, are read only if they are named. */
  readonly isHidden: boolean;
  /** How many rows at its start are its header, where the format says so. */
  readonly headerRows?: number;
  /** Rows in order, in batches; rows that hold nothing may be missing. */
  readonly rows: () => AsyncIterable<readonly GridRow[]>;
  /** What was seen while the rows were read. */
  readonly notes?: () => readonly Note[];
}

interface Kind {
  /** What people call a grid in this format. */
  readonly kind: "sheet" | "table";
  /** The options that name one: `told` of `gridOptions`. */
  readonly told: string | number | undefined;
}

/**
 * The grids that are asked for, each as a copy in CSV.
 *
 * @throws AirCanError `format-error` if there is no such sheet or table, `source-error` for an empty one.
 */
export async function readGrids(
  grids: readonly Grid[],
  opened: OpenedSource,
  { reading, kind }: { readonly reading: FormatReading; readonly kind: Kind["kind"] },
): Promise<readonly ReadTable[]> {
  const options = gridOptions(reading);
  const told = kind === "sheet" ? options.sheet : options.table;
  const wanted = chooseGrids(grids, opened.source, { kind, told });
  const tables: ReadTable[] = [];
  for (const grid of wanted) {
    const { path, notes } = await spoolGrid(grid, opened, { ...options, kind, context: reading.context });
    if (path === undefined && wanted.length > 1) continue;
    if (path === undefined)
      throw emptyGrid(grid, opened.source, { kind, grids, range: reading.options.range });
    const all = [...otherGrids(grids, wanted, { kind, told }), ...(grid.notes?.() ?? []), ...notes];
    tables.push({
      path,
      format: "csv",
      isSpooled: true,
      name: grid.name,
      resource: {
        ...dialectOf(grid, grids, { kind, told }),
        ...(all.length > 0 ? { aircan: { notes: all } } : {}),
      },
    });
  }
  if (tables.length === 0)
    throw new AirCanError("source-error", `${opened.source} holds no table: its ${kind}s are empty.`, {
      where: { source: opened.source },
    });
  return tables;
}

/** The grids that a name, a number from 1, or a pattern with `*` means; else the first that is to be seen. */
export function chooseGrids(grids: readonly Grid[], source: string, { kind, told }: Kind): readonly Grid[] {
  const [first] = grids.filter(({ isHidden }) => !isHidden);
  const wanted = told === undefined ? (first ? [first] : grids.slice(0, 1)) : named(grids, told);
  if (wanted.length > 0) return wanted;
  if (grids.length === 0)
    throw new AirCanError("format-error", `${source} holds no ${kind}.`, { where: { source } });
  throw new AirCanError(
    "format-error",
    `${source} has no ${kind} ${JSON.stringify(told)}; it has ${listed(grids)}.`,
    { where: { source }, hint: `Name one of them with \`--${kind}\`, by its name or number.` },
  );
}

function named(grids: readonly Grid[], told: string | number): readonly Grid[] {
  const text = String(told);
  const exact = grids.filter((grid) => namesOf(grid).includes(text));
  if (exact.length > 0) return exact;
  if (/^\d+$/.test(text)) return grids.slice(Number(text) - 1, Number(text)).filter(() => Number(text) > 0);
  const plain = (name: string) => name.trim().toLowerCase();
  const fitting = (fits: (name: string) => boolean) => grids.filter((grid) => namesOf(grid).some(fits));
  const alike = fitting((name) => plain(name) === plain(text));
  return alike.length > 0 ? alike : fitting((name) => matches(plain(name), plain(text)));
}

const namesOf = ({ name, alias }: Grid) => (alias === undefined ? [name] : [name, alias]);

/** True if a name fits a pattern in which `*` is any text and `?` any character; in linear time. */
function matches(name: string, pattern: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  let place = 0;
  while (place < name.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = place;
    } else if (pattern[at] === "?" || pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

const listed = (grids: readonly Grid[]) => {
  const names = grids.slice(0, 20).map(({ name, isHidden }) => `"${name}"${isHidden ? " (hidden)" : ""}`);
  return names.join(", ") + (grids.length > 20 ? ` and ${grids.length - 20} more` : "");
};

/** What makes the table be found again, and its header. */
function dialectOf({ name, headerRows = 0 }: Grid, grids: readonly Grid[], { kind, told }: Kind) {
  const place = kind === "sheet" ? { sheetName: name } : { table: name };
  const rows = Array.from({ length: headerRows }, (_, i) => i + 1);
  return {
    dialect: {
      ...(told === undefined && grids.length === 1 ? {} : place),
      ...(headerRows > 0 ? { header: true, headerRows: rows } : {}),
    },
  };
}

function otherGrids(grids: readonly Grid[], wanted: readonly Grid[], { kind, told }: Kind): Note[] {
  const others = grids.filter((grid) => !wanted.includes(grid) && !grid.isHidden);
  if (told !== undefined || others.length === 0) return [];
  const text = `read is "${wanted[0]?.name}"; the file also has ${listed(others)}; name one with --${kind}, or all with --${kind} "*"`;
  return [{ about: kind, text }];
}

function emptyGrid(
  { name }: Grid,
  source: string,
  {
    kind,
    grids,
    range,
  }: Pick<Kind, "kind"> & { readonly grids: readonly Grid[]; readonly range?: string | undefined },
): AirCanError {
  if (range !== undefined)
    return new AirCanError(
      "source-error",
      `${source} holds nothing in the range ${range} of its ${kind} "${name}".`,
      {
        where: { source },
        hint: "Look where the table lies, such as A3:F20, or leave `--range` out.",
      },
    );
  const others = grids.filter((grid) => grid.name !== name);
  return new AirCanError("source-error", `${source} holds no table: its ${kind} "${name}" is empty.`, {
    where: { source },
    ...(others.length > 0 ? { hint: `Name another one with \`--${kind}\`: ${listed(others)}.` } : {}),
  });
}
