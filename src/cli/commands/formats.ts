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
  const all = formats.map(({ name, title, extensions }) => ({
    name,
    title,
    extensions,
    read: true,
    write: name in fileFormats,
  }));
  output.result(all, () =>
    [
      renderTable(
        [{ title: "format" }, { title: "extensions" }, { title: "read" }, { title: "write" }],
        all.map(({ name, extensions, read, write }) => [
          name,
          extensions.map((extension) => `.${extension}`).join(" "),
          read ? "yes" : "no",
          write ? "yes" : "no",
        ]),
        { width: output.width },
      ),
      "",
      "Each may be compressed with gzip (.gz) or zstd (.zst) where it is read.",
    ].join("\n"),
  );
}
