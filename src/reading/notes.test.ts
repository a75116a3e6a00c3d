import { expect, test } from "vitest";
import { notesOf } from "./notes.ts";
import { sniff } from "./sniff.ts";

const sure = { encoding: "utf-8", confidence: 1, reason: "" };

function notes(text: string): string[] {
  const sniffed = sniff(text, true);
  return notesOf({ encoding: sure, sniffed, columns: sniffed.labels }).map(
    ({ about, text }) => `${about}: ${text}`,
  );
}

test.each([
  ["a plain table", "id,b\n1,x\n2,y\n", []],
  [
    "titles",
    "Report\nmade 2026\n\nid,b,c\n1,x,2\n2,y,3\n",
    ["preamble: left out, because above the header: rows 1, 2"],
  ],
  ["comments", "# by x\nid,b\n1,x\n2,y\n", ['comments: lines that begin with "#" are left out']],
  [
    "notes below",
    "Region,2019,2020\nNorth,1,2\nSouth,3,4\n\n* late\n* later\n",
    ["footnotes: left out, as notes below the table: rows 4 to 6"],
  ],
  [
    "a delimiter at the end of each row",
    "id,b,\n1,x,\n2,y,\n",
    ["delimiter: each row ends with a delimiter; the empty column after it is left out"],
  ],
  [
    "units",
    "time,temp\ns,°C\n0,20\n1,21\n",
    [
      "header: the names of the columns are put together from rows 1, 2: 2 rows of words stand above columns of values",
    ],
  ],
  [
    "columns lined up by spaces",
    "id   name    v\n1    abc     2.5\n22   de      3.5\n",
    [
      "columns: there is one column, but its lines look like columns lined up by spaces: read them with `--format fixed-width`",
    ],
  ],
  ["texts with a gap here and there", "text\nan  odd one\nplain\nplain too\n", []],
])("what is said of %s", (_, text, expected) => {
  expect(notes(text)).toEqual(expected);
});
