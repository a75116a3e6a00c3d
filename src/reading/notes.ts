import type { Dialect, Note } from "../descriptor/types.ts";
import type { EncodingGuess } from "./encoding.ts";

interface Read {
  readonly encoding: EncodingGuess;
  readonly dialect: Dialect;
  readonly labels: readonly string[];
  readonly columns: readonly string[];
}

/** A guess below this is worth a word to people. */
const sureEnough = 0.9;

/** What people should know of how a text file was read: columns that were renamed, rows left out, a guessed encoding. */
export function notesOf({ encoding, dialect, labels, columns }: Read): Note[] {
  const { commentRows } = dialect;
  return [
    ...(encoding.confidence < sureEnough
      ? [
          {
            about: "encoding",
            text: `read as ${encoding.encoding}, which is a guess: ${encoding.reason}; name the encoding if letters look wrong`,
          },
        ]
      : []),
    ...(commentRows.length > 0
      ? [
          {
            about: "preamble",
            text: `left out, because above the header: ${commentRows.length > 1 ? "rows" : "row"} ${commentRows.join(", ")}`,
          },
        ]
      : []),
    ...labels.flatMap((label, i) => labelNote(label, columns[i] ?? "", i + 1)),
  ];
}

function labelNote(label: string, column: string, number: number): Note[] {
  const tidy = label.replace(/\s*[\r\n]+\s*/g, " ").trim();
  if (tidy === column) return [];
  const text =
    tidy === ""
      ? `column ${number} has no name in the header and is called "${column}"`
      : `column ${number} is named "${tidy}", as another before it, and is called "${column}"`;
  return [{ about: "label", text }];
}
