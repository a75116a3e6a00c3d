import { AirCanError } from "../base/errors.ts";
import type { LocalTable } from "./local-table.ts";
import type { ReadingContext } from "./options.ts";

/** Brings the table that `datastore://name` means into a folder. @throws AirCanError `not-found`, `database-error`. */
export type ReadDatastore = (name: string, temporaryFolder: string) => Promise<LocalTable>;

/**
 * The table of a DataStore that a source means; undefined for other sources.
 *
 * @throws AirCanError `scheme-error` if there is no such table, or no DataStore here; `database-error`.
 */
export async function storedTable(
  source: string,
  name: string | undefined,
  { datastore, temporaryFolder }: ReadingContext,
): Promise<LocalTable | undefined> {
  const stored = /^datastore:\/\/(.+)$/.exec(source)?.[1];
  if (stored === undefined) return undefined;
  if (datastore === undefined)
    throw new AirCanError("scheme-error", `There is no DataStore here to read ${source} from.`, {
      hint: "Use a command of `aircan`, or a factory.",
      where: { source },
    });
  const table = await datastore(stored, temporaryFolder).catch((error: unknown) => {
    if (!(error instanceof AirCanError) || error.code !== "not-found") throw error;
    throw new AirCanError("scheme-error", `${source} cannot be opened: ${error.message}`, {
      cause: error,
      where: { source },
    });
  });
  return name === undefined ? table : { ...table, resource: { ...table.resource, name } };
}
