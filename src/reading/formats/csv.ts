import type { FormatDefinition } from "./definition.ts";

/** Delimited text, whatever its delimiter. */
export const csv: FormatDefinition = {
  name: "csv",
  title: "Delimited text",
  extensions: ["csv", "txt", "dat"],
  mediatype: "text/csv",
  read: async ({ path }) => [{ path, format: "csv", isSpooled: false }],
};

/** Delimited text with tabs. */
export const tsv: FormatDefinition = {
  name: "tsv",
  title: "Text with tabs",
  extensions: ["tsv", "tab"],
  mediatype: "text/tab-separated-values",
  read: async ({ path }) => [
    { path, format: "csv", isSpooled: false, resource: { dialect: { delimiter: "\t" } } },
  ],
};
