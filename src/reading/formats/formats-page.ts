import type { FormatDefinition } from "./definition.ts";

/** How options are written on the command line. */
const flag = (option: string) => `\`--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}\``;

/** The page of formats in Markdown; `written` are the names of those that can be written too. */
export function formatsPage(formats: readonly FormatDefinition[], written: readonly string[]): string {
  return `${[
    "# Formats\n",
    "The files that AirCan reads, with `load`, `show`, `describe`, `validate` and `convert` alike. A format is known by\nthe first bytes of a file, else by its name; `--format` tells it. What people do with sheets, pages and columns is\nin [the guide](../formats.md).\n",
    "This page is generated from the definitions in `src/reading/formats` by `npm run docs`.\n",
    ...formats.map((format) => section(format, written.includes(format.name))),
  ].join("\n")}`;
}

function section(
  { name, title, summary, options, extensions, mediatype }: FormatDefinition,
  isWritten: boolean,
) {
  const rows = [
    ["name", `\`${name}\``],
    [
      "extensions",
      extensions.length > 0 ? extensions.map((one) => `\`.${one}\``).join(" ") : "none of its own",
    ],
    ["media type", `\`${mediatype}\``],
    ["options", options.length > 0 ? options.map(flag).join(" ") : "none of its own"],
    ["written too", isWritten ? "yes" : "no"],
  ];
  const table = ["| | |", "| --- | --- |", ...rows.map((cells) => `| ${cells.join(" | ")} |`)];
  return `## ${title}\n\n${summary}\n\n${table.join("\n")}\n`;
}
