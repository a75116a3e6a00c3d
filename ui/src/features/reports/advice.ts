/** What a publisher can do about each kind of finding. */
const advice: Readonly<Record<string, string>> = {
  "type-error": "Correct these cells in the file, or give the field a wider type such as string.",
  "constraint-error": "Correct these cells, or loosen the field's constraint in the schema.",
  "unique-error": "Each value may stand once in this field: remove the row, or correct the value.",
  "primary-key": "Each row needs a key of its own: remove the double row, or correct its key.",
  "missing-cell": "The row is shorter than the header: add the missing cells or their delimiters.",
  "extra-cell": "The row is longer than the header: a text with the delimiter in it may lack its quotes.",
  "blank-row": "Remove the empty row.",
  "unclosed-quote": "A quote opens and never closes: close it, or double a quote that belongs to the text.",
  "stray-quote": "A quote stands inside a cell without quotes: put the whole cell in quotes and double it.",
  "null-byte": "The cell holds a NUL byte: export the file again as text.",
  "blank-label": "Give the column a name in the header.",
  "duplicate-label": "Give each column a name of its own.",
  "encoding-error": "Save the file as UTF-8, or say which encoding it has.",
};

/** A sentence for a kind of finding; a general one for a kind that is not known here. */
export function adviceFor(type: string): string {
  return advice[type] ?? "Correct the file at the place named, and load it again.";
}
