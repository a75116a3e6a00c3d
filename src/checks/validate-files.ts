import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { makeTemporaryFolder } from "../base/temporary-folder.ts";
import type { Resource } from "../descriptor/types.ts";
import type { Engine } from "../plan/engine.ts";
import type { ReadingOptions } from "../reading/options.ts";
import { type Checklist, checklistOf } from "./checklist.ts";
import type { CustomCheck } from "./custom-check.ts";
import type { Report } from "./report.ts";
import { validateSources } from "./validate-sources.ts";

export interface FileValidation {
  /** A Table Schema, or the path or address of one, that every source is tested by. */
  readonly schema?: string | Readonly<Record<string, unknown>>;
  /** Checks beside those that are always made: entries of a checklist, and checks of one's own. */
  readonly checks?: readonly (CustomCheck | ChecklistEntry)[];
  /** Types or tags (`#row`) of the only errors that are reported; all unless told. */
  readonly pickErrors?: readonly string[];
  /** Types or tags of errors that are not reported. */
  readonly skipErrors?: readonly string[];
  /** Errors that each task lists; 1,000 unless told. All are counted. */
  readonly limitErrors?: number;
  /** Rows of each source that are tested; all unless told. */
  readonly limitRows?: number;
  /** How the sources are read, where it shall not be found out. */
  readonly reading?: ReadingOptions;
  /** Relative paths are relative to this folder; the current one unless told. */
  readonly folder?: string;
  /** Descriptors may name absolute paths and folders above their own. */
  readonly trusted?: boolean;
  /** The report of the last run, for checks that compare with it. */
  readonly before?: Report;
  readonly signal?: AbortSignal;
}

/** A check that the catalogue has, by its `type`, with its parameters. */
export interface ChecklistEntry {
  readonly type: string;
  readonly [parameter: string]: unknown;
}

/**
 * Tests files, addresses, descriptors and packages; what is wrong with them stands in the report.
 *
 * @throws AirCanError `config-error` for checks that are not known, `interrupted`.
 */
export async function validateFiles(
  engine: Engine,
  sources: string | Resource | readonly (string | Resource)[],
  options: FileValidation = {},
): Promise<Report> {
  const {
    schema,
    limitErrors,
    limitRows,
    reading,
    before,
    folder = process.cwd(),
    trusted = false,
  } = options;
  const checklist = checklistFrom(options);
  const temporaryFolder = await makeTemporaryFolder(tmpdir(), "aircan-validate");
  const { signal = new AbortController().signal } = options;
  try {
    return await validateSources(listOf(sources), {
      ...reading,
      engine,
      context: { folder, trusted, allowPrivate: true, allowLocal: true, temporaryFolder, signal },
      schema,
      checklist,
      limitErrors,
      limitRows,
      before,
    });
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

type Sources = Parameters<typeof validateFiles>[1];

function listOf(sources: Sources): readonly (string | Resource)[] {
  const isList = (value: Sources): value is readonly (string | Resource)[] => Array.isArray(value);
  return isList(sources) ? sources : [sources];
}

function checklistFrom({ checks = [], pickErrors = [], skipErrors = [] }: FileValidation): Checklist {
  const isOwn = (check: CustomCheck | ChecklistEntry): check is CustomCheck =>
    typeof check.begin === "function";
  const known = checks.filter((check) => !isOwn(check));
  const checklist = checklistOf({ checks: known, pickErrors, skipErrors }, "The call of validateFiles");
  return { ...checklist, customChecks: checks.filter(isOwn) };
}
