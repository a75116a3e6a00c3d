import type { Command } from "commander";
import { action, addCommand, type Invocation } from "../command.ts";
import { renderTable } from "../table.ts";

/** `aircan formats`: what can be read and written. */
export function addFormatsCommand(program: Command): void {
  addCommand(program, {
    usage: "formats",
    summary: "list the formats that can be read and written",
    example: "aircan formats",
  }).action(action(list));
}

async function list({ output }: Invocation<object>): Promise<undefined> {
  const [{ formats }, { fileFormats }] = await Promise.all([
    import("../../reading/formats/registry.ts"),
    import("../write-file.ts"),
  ]);
  const all = formats.map(({ name, title, summary, options, mediatype, extensions }) => ({
    name,
    title,
    summary,
    options,
    mediatype,
    extensions,
    read: true,
    write: name in fileFormats,
  }));
  output.result(all, () =>
    [
      renderTable(
        [
          { title: "format" },
          { title: "is" },
          { title: "extensions" },
          { title: "read" },
          { title: "write" },
        ],
        all.map(({ name, title, extensions, read, write }) => [
          name,
          title,
          extensions.map((extension) => `.${extension}`).join(" "),
          read ? "yes" : "no",
          write ? "yes" : "no",
        ]),
        { width: output.width },
      ),
      "",
      "Where it is read, each may be in a .zip or .tar, and compressed as .gz, .zst, .bz2 or .xz.",
      "More: docs/reference/formats.md",
    ].join("\n"),
  );
}
