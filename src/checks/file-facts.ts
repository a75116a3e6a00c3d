import { stat } from "node:fs/promises";
import { hashFile } from "../base/hash.ts";
import type { Resource } from "../descriptor/types.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";

/** What a descriptor says of its file as a whole. */
export type FileFacts = Pick<Resource, "bytes" | "hash" | "rows">;

/** Where a file is not the one that its descriptor speaks of, by size and hash. */
export async function fileErrors(table: LocalTable, { bytes, hash }: FileFacts): Promise<ReportError[]> {
  if (bytes === undefined && hash === undefined) return [];
  if (table.format === "csv" && table.resource.encoding !== "utf-8") return []; // it was written anew on its way here
  const { size } = await stat(table.path);
  const [, algorithm = "md5", expected = ""] = /^(?:([a-z0-9]+):)?(.*)$/i.exec(hash ?? "") ?? [];
  const isKnown = algorithm === "md5" || algorithm === "sha256";
  const found = hash === undefined || !isKnown ? undefined : await hashFile(table.path, algorithm);
  return [
    ...(bytes === undefined || bytes === size
      ? []
      : [
          reportError("byte-count", `The file has ${size} bytes, where its descriptor says ${bytes}.`, {
            expected: String(bytes),
          }),
        ]),
    ...(found === undefined || found === expected.toLowerCase()
      ? []
      : [
          reportError(
            "hash-count",
            `The ${algorithm} of the file is ${found}, where its descriptor says ${expected}.`,
            {
              expected,
            },
          ),
        ]),
  ];
}

/** Where a file has not as many rows as its descriptor says. */
export function rowCountErrors(found: number, { rows }: FileFacts): ReportError[] {
  if (rows === undefined || rows === found) return [];
  const message = `The file has ${found} rows, where its descriptor says ${rows}.`;
  return [reportError("row-count", message, { expected: String(rows) })];
}
