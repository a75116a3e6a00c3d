import { firstDataRow } from "../descriptor/dialect.ts";
import type { Note } from "../descriptor/types.ts";
import type { EncodingGuess } from "./encoding.ts";
import type { Sniffed } from "./sniff.ts";

interface Read {
  readonly encoding: EncodingGuess;
  readonly sniffed: Pick<Sniffed, "dialect" | "labels" | "guesses" | "records" | "width">;
  readonly columns: readonly string[];
}

/** A guess below this is worth a word to people. */
const sureEnough = 0.9;

/** What people should know of how a text file was read: columns that were renamed, rows left out, a guessed encoding. */
export function notesOf({ encoding, sniffed, columns }: Read): Note[] {
  return [
    ...encodingNotes(encoding),
    ...rowNotes(sniffed),
    ...note(
      "columns",
      isAligned(sniffed),
      "there is one column, but its lines look like columns lined up by spaces: read them with `--format fixed-width`",
    ),
    ...sniffed.labels.flatMap((label, i) => labelNote(label, columns[i] ?? "", i + 1)),
  ];
}

function encodingNotes({ encoding, confidence, reason, doubt }: EncodingGuess): Note[] {
  if (doubt !== undefined) return [{ about: "encoding", text: doubt }];
  if (confidence >= sureEnough) return [];
  return [
    {
      about: "encoding",
      text: `read as ${encoding}, which is a guess: ${reason}; if letters look wrong, name the encoding with \`--encoding\``,
    },
  ];
}

function rowNotes({ dialect, guesses }: Read["sniffed"]): Note[] {
  const start = firstDataRow(dialect);
  const above = dialect.commentRows.filter((row) => row < start);
  const below = dialect.commentRows.filter((row) => row >= start);
  const header = guesses.find(({ property }) => property === "dialect.headerRows");
  const isMarkGuessed = guesses.some(({ property }) => property === "dialect.commentChar");
  return [
    ...note("comments", isMarkGuessed, `lines that begin with "${dialect.commentChar}" are left out`),
    ...note("preamble", above.length > 0, `left out, because above the header: ${rows(above)}`),
    ...note("footnotes", below.length > 0, `left out, as notes below the table: ${rows(below)}`),
    ...note(
      "header",
      header !== undefined && dialect.headerRows.length > 1,
      `the names of the columns are put together from ${rows(dialect.headerRows)}: ${header?.reason}`,
    ),
    ...note(
      "header",
      header !== undefined && !dialect.header,
      `no row was taken for the header: ${header?.reason}; if there is one, name its row with \`--header-rows\``,
    ),
    ...note(
      "delimiter",
      dialect.trailingDelimiter === true,
      "each row ends with a delimiter; the empty column after it is left out",
    ),
  ];
}

/** True for a lone column most of whose lines have gaps inside. */
function isAligned({ labels, records, width }: Read["sniffed"]): boolean {
  const lines = [labels, ...records].flatMap(([cell = ""]) => (cell.trim() === "" ? [] : [cell.trim()]));
  if (width !== 1 || lines.length < 3) return false;
  return lines.filter((line) => / {2}/.test(line)).length >= 0.7 * lines.length;
}

const note = (about: string, isSo: boolean, text: string): Note[] => (isSo ? [{ about, text }] : []);

/** `row 4`, or `rows 1, 3 to 5`. */
function rows(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  const texts = runs.map(([from, to]) =>
    from === to ? `${from}` : `${from}${to === from + 1 ? ", " : " to "}${to}`,
  );
  return `${numbers.length > 1 ? "rows" : "row"} ${texts.join(", ")}`;
}

function labelNote(label: string, column: string, number: number): Note[] {
  const tidy = label
    .replaceAll("\0", "")
    .replace(/\s*[\r\n]+\s*/g, " ")
    .trim();
  if (tidy === column) return [];
  const text =
    tidy === ""
      ? `column ${number} has no name in the header and is called "${column}"`
      : `column ${number} is named "${tidy}", as another before it, and is called "${column}"`;
  return [{ about: "label", text }];
}
