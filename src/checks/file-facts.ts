import { hashFile } from "../base/hash.ts";
import type { Resource } from "../descriptor/types.ts";
import type { LocalTable } from "../reading/local-table.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";

/** What a descriptor says of its file as a whole. */
export interface FileFacts extends Pick<Resource, "bytes" | "hash" | "rows"> {
  /** Number of its fields, as Frictionless has it. */
  readonly fields?: unknown;
}

interface FoundInFile {
  readonly errors: readonly ReportError[];
  readonly warnings: readonly string[];
}

/** Hashes that are compared; v1 of the standard writes none for MD5. */
const algorithms = ["md5", "sha1", "sha256", "sha512"] as const;

/** Where a file is not the one that its descriptor speaks of, by size and hash of the bytes as they lie there. */
export async function fileErrors(table: LocalTable, { bytes, hash }: FileFacts): Promise<FoundInFile> {
  const { original, parts = [], resource } = table;
  if ((bytes === undefined && hash === undefined) || original === undefined || resource.path === undefined)
    return nothing;
  if (parts.some(({ skipped }) => skipped > 0)) return { errors: [], warnings: [notCompared] };
  const ofHash = hash === undefined ? nothing : await hashErrors(original.path, hash);
  const ofSize = bytes === undefined || bytes === original.bytes ? [] : [sizeError(bytes, original.bytes)];
  return { errors: [...ofSize, ...ofHash.errors], warnings: ofHash.warnings };
}

const nothing: FoundInFile = { errors: [], warnings: [] };
const notCompared =
  "hash-count: size and hash are not compared, as the parts repeat their header and were put together without it";

function sizeError(bytes: number, found: number): ReportError {
  const message = `The file has ${found} bytes, where its descriptor says ${bytes}.`;
  return reportError("byte-count", message, { ...wrongCount(bytes, found), expected: String(bytes) });
}

/** The note that Frictionless has of a count or a hash. */
const wrongCount = (expected: unknown, found: unknown) => ({
  note: `expected is "${expected}" and actual is "${found}"`,
});

async function hashErrors(path: string, hash: string): Promise<FoundInFile> {
  const [, told = "md5", expected = ""] = /^(?:([a-z0-9-]+):)?(.*)$/i.exec(hash) ?? [];
  const algorithm = algorithms.find((each) => each === told.toLowerCase().replace("sha-", "sha"));
  if (algorithm === undefined)
    return {
      errors: [],
      warnings: [
        `hash-count: the hash is by ${told}, which is not known; known are ${algorithms.join(", ")}`,
      ],
    };
  const found = await hashFile(path, algorithm);
  if (found === expected.toLowerCase()) return nothing;
  const message = `The ${algorithm} of the file is ${found}, where its descriptor says ${expected}.`;
  return {
    errors: [reportError("hash-count", message, { ...wrongCount(expected, found), expected })],
    warnings: [],
  };
}

/** Where a table has not as many rows or fields as its descriptor says. */
export function countErrors(
  found: { readonly rows: number; readonly fields: number },
  facts: FileFacts,
): ReportError[] {
  return (["fields", "rows"] as const).flatMap((what) => {
    const expected = facts[what];
    if (typeof expected !== "number" || expected === found[what]) return [];
    const message = `The file has ${found[what]} ${what}, where its descriptor says ${expected}.`;
    return [
      reportError(what === "rows" ? "row-count" : "field-count", message, {
        ...wrongCount(expected, found[what]),
        expected: String(expected),
      }),
    ];
  });
}
