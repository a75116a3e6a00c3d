import { resolve } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { PlannedResource, StagedOutput } from "../plan/package-plan.ts";
import { type LoadMode, loadTables } from "./load-table.ts";
import { loadSqlite } from "./sqlite.ts";

export interface TableToDump {
  readonly resource: PlannedResource;
  /** The name wanted; see `tableNameOf`. */
  readonly table: string;
  readonly mode: LoadMode;
  /** Field names; the schema's primary key unless told. */
  readonly key?: readonly string[];
}

export interface DumpOptions {
  /** `postgresql://…`, `sqlite:path`, `sqlite:///path`, or a path that ends in `.db`, `.sqlite`, `.sqlite3`. */
  readonly database: string;
  /** Of PostgreSQL; the first of the search path unless told. */
  readonly schema?: string;
  /** Relative paths of SQLite files are relative to this folder. */
  readonly folder?: string;
}

/**
 * Writes resources into tables of one database as a sink does: all are staged in one transaction, which
 * `commit` makes visible at once.
 *
 * @throws AirCanError `config-error` for an address of another kind; else those of `loadTables`, `loadSqlite`.
 */
export async function dumpTables(
  run: EngineRun,
  tables: readonly TableToDump[],
  options: DumpOptions,
): Promise<StagedOutput> {
  const { database, schema, folder = process.cwd() } = options;
  const path = sqlitePath(database);
  if (path !== undefined)
    return loadSqlite(
      run,
      path === ":memory:" ? path : resolve(folder, path),
      tables.map(({ resource, ...rest }) => ({
        ...rest,
        resource: resource.descriptor.name,
        relation: resource.relation,
      })),
    );
  if (!/^postgres(ql)?:\/\//.test(database))
    throw new AirCanError("config-error", "The address of the database is of no kind that is known.", {
      hint: "Use postgresql://user:password@host/database, or sqlite:path/to/file.db.",
    });
  return loadTables(
    tables.map(({ resource, ...rest }) => ({
      ...rest,
      run,
      relation: resource.relation,
      resource: resource.descriptor,
      ...(schema === undefined ? {} : { schema }),
    })),
    { database, signal: run.signal },
  );
}

/** As in SQLAlchemy: `sqlite:///a.db` is relative to the folder, `sqlite:////a.db` absolute. */
function sqlitePath(database: string): string | undefined {
  const scheme = /^sqlite3?:(?:\/\/\/|\/\/)?/.exec(database);
  if (scheme) return database.slice(scheme[0].length);
  return /^[^:]*\.(db|sqlite3?)$/i.test(database) ? database : undefined;
}
