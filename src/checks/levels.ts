/** What an error stands on. */
export type Level = "none" | "file" | "table" | "header" | "label" | "row" | "cell";

/** How much a finding weighs. Only errors make a file invalid; the others are warnings of its task. */
export type Severity = "error" | "warning" | "info";

/** The tags of Frictionless v5, by which a checklist picks and skips errors. */
export const tagsOfLevel: Readonly<Record<Level, readonly string[]>> = {
  none: [],
  file: ["#file"],
  table: ["#table"],
  header: ["#table", "#header"],
  label: ["#table", "#header", "#label"],
  row: ["#table", "#row"],
  cell: ["#table", "#row", "#cell"],
};
