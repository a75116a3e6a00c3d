import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalogue } from "../src/base/catalogue.ts";

const kinds: Readonly<Record<string, string>> = {
  config: "the words of the caller",
  data: "the data",
  io: "the world outside",
  bug: "AirCan itself",
};

/** `docs/errors.md`: every code of the catalogue with its meaning, what to do, and its HTTP status. */
export function errorsPage(
  entries: typeof catalogue | Readonly<Record<string, (typeof catalogue)["bug"]>>,
): string {
  const sections = Object.entries(entries).map(
    ([code, { kind, status, summary, hint }]) =>
      `## ${code}\n\n${summary} ${hint}\n\nKind: \`${kind}\` (${kinds[kind]}). HTTP status: ${status}.\n`,
  );
  return `${[
    "# Errors\n",
    "Every error that AirCan gives has one of these codes. It looks the same everywhere: as the body of an API\nanswer, as the last lines of a command, in the page, and as a row of the `errors` resource.\n",
    "This page is generated from `src/base/catalogue.ts` by `npm run docs`.\n",
    ...sections,
  ].join("\n")}`;
}

if (import.meta.main) {
  writeFileSync(fileURLToPath(new URL("../docs/errors.md", import.meta.url)), errorsPage(catalogue));
}
