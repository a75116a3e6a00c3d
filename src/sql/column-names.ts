import { hashText } from "../base/hash.ts";

/** PostgreSQL cuts longer names without a word. */
export const maxNameBytes = 63;

/** Columns that every PostgreSQL table has already, and one that CKAN's own queries trip over. */
const takenBySystem = new Set(["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax", "oid", "j"]);

/**
 * Names of columns for labels of any kind. The rule, also in `docs/loading.md`:
 *
 * 1. A name keeps the label's own script, capitals and blanks. Unicode is normalised (NFC), control
 *    characters and runs of blanks become one blank, blanks around it go, `"` becomes `'`.
 * 2. Leading underscores go: names like `_id` belong to the DataStore. Names of PostgreSQL's system
 *    columns (`ctid`, `xmin`, …), and `j`, which CKAN cannot read, get a `_` behind.
 * 3. Nothing left: `field<N>`, where N is the place of the column from 1.
 * 4. More than 63 bytes of UTF-8: cut at a character so that `_` and 8 hexadecimal digits fit, the start of
 *    the SHA-256 of the whole name. So a label gives the same name in each load.
 * 5. A name that stood before, capitals or not, gets `_2`, `_3`, … (the first that no other column has).
 *
 * A name that keeps the rule already stays as it is.
 */
export function columnNamesOf(labels: readonly string[]): string[] {
  const wanted = labels.map((label, i) => columnName(label, i + 1));
  const taken = new Set(wanted.map(fold));
  const seen = new Set<string>();
  return wanted.map((name) => {
    if (!seen.has(fold(name))) {
      seen.add(fold(name));
      return name;
    }
    const free = nextFree(name, taken);
    taken.add(fold(free));
    seen.add(fold(free));
    return free;
  });
}

/** The name of a table: rules 1, 2 and 4 of `columnNamesOf`; `data` if nothing is left. */
export function tableNameOf(label: string): string {
  return cut(cleaned(label) || "data");
}

function columnName(label: string, place: number): string {
  const name = cleaned(label) || `field${place}`;
  return cut(takenBySystem.has(fold(name)) ? `${name}_` : name);
}

function cleaned(label: string): string {
  return label
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Z}]+/gu, " ")
    .replaceAll('"', "'")
    .replace(/^[ _]+| +$/g, "");
}

/** Two names are one to readers who write no quotes, and to SQLite. */
const fold = (name: string): string => name.toLowerCase();

function cut(name: string): string {
  return Buffer.byteLength(name) <= maxNameBytes ? name : withSuffix(name, `_${hashText(name).slice(0, 8)}`);
}

function withSuffix(name: string, suffix: string): string {
  let kept = "";
  const room = maxNameBytes - Buffer.byteLength(suffix);
  for (const character of name) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(character) > room) break;
    kept += character;
  }
  return kept.trimEnd() + suffix;
}

function nextFree(name: string, taken: ReadonlySet<string>): string {
  for (let n = 2; ; n++) {
    const candidate = withSuffix(name, `_${n}`);
    if (!taken.has(fold(candidate))) return candidate;
  }
}
