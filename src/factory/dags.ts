import { AirCanError, type ErrorObject, toAirCanError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import { type CheckTask, checkDag, hashDag, upstreamOf } from "./dag.ts";
import type { Database } from "./database/database.ts";
import type { Dag, Run, Schedule } from "./model.ts";
import { checkSchemas } from "./params.ts";
import type { TriggerSpec } from "./schedule-spec.ts";
import type { Schedules } from "./schedules.ts";
import type { DagDefinition } from "./task.ts";

interface Row {
  readonly id: string;
  readonly source: string;
  readonly hash: string | null;
  readonly definition: DagDefinition | null;
  readonly paused: boolean;
  readonly import_error: ErrorObject | null;
  readonly updated: Date;
}

export interface Dags {
  /** Stores a checked definition. Throws `dag-error`, and `conflict` if its id belongs to another source. */
  readonly put: (definition: DagDefinition, source: string) => Promise<void>;
  readonly list: () => Promise<readonly Dag[]>;
  readonly show: (id: string) => Promise<Dag>;
  readonly definition: (id: string) => Promise<DagDefinition>;
  /** The definition of a DAG that may be started now. */
  readonly runnable: (id: string) => Promise<DagDefinition>;
  /** The triggers of the DAGs that are not paused. */
  readonly triggered: () => Promise<
    readonly { readonly dag: string; readonly triggers: readonly TriggerSpec[] }[]
  >;
  readonly pause: (id: string, paused: boolean) => Promise<void>;
  /** Says why the newest text of a source was not taken; `id` names it where the text does not. */
  readonly reject: (id: string, source: string, error: unknown) => Promise<void>;
  /** Ids of the DAGs that came from a source. */
  readonly from: (source: string) => Promise<readonly string[]>;
  readonly sources: () => Promise<readonly string[]>;
  readonly remove: (id: string) => Promise<void>;
}

export interface DagsParts {
  readonly database: Database;
  readonly checkTask: CheckTask | undefined;
  readonly schedules: Schedules;
  readonly lastRuns: (dags: readonly string[]) => Promise<ReadonlyMap<string, Run>>;
}

/** The definitions of a factory. */
export function openDags(parts: DagsParts): Dags {
  const { database } = parts;
  return {
    ...readMethods(parts),
    put: async (definition, source) => {
      checkSchemas(definition);
      await put(database, checkDag(definition, parts.checkTask), source);
      await parts.schedules.sync(definition.dag, definition.schedule);
    },
    pause: async (id, paused) => {
      await findRow(database, id);
      await database.query("update aircan.dag set paused = $2 where id = $1", [id, paused]);
      if (!paused) await parts.schedules.resumed(id);
    },
    reject: async (id, source, error) => {
      await database.query(
        `insert into aircan.dag (id, source, import_error) values ($1, $2, $3)
         on conflict (id) do update set import_error = excluded.import_error where dag.source = excluded.source`,
        [id, source, JSON.stringify(toAirCanError(error).toJSON())],
      );
    },
    remove: async (id) => {
      await database.query("delete from aircan.dag where id = $1", [id]);
      await parts.schedules.sync(id, undefined);
    },
  };
}

type ReadMethods = Pick<Dags, "triggered" | "list" | "show" | "definition" | "runnable" | "from" | "sources">;

function readMethods({ database, lastRuns, schedules }: DagsParts): ReadMethods {
  const row = (id: string) => findRow(database, id);
  return {
    list: async () => {
      const rows = await database.query<Row>("select * from aircan.dag order by id");
      const [runs, all] = await Promise.all([lastRuns(rows.map(({ id }) => id)), schedules.list()]);
      const ofDag = Map.groupBy(all, ({ dag }) => dag);
      return rows.map((one) => shownDag(one, runs.get(one.id), ofDag.get(one.id)));
    },
    show: async (id) => shownDag(await row(id), (await lastRuns([id])).get(id), await schedules.list(id)),
    triggered: async () => {
      const rows = await database.query<Row>(
        "select * from aircan.dag where not paused and definition->'triggers' is not null order by id",
      );
      return rows.map(({ id, definition }) => ({ dag: id, triggers: definition?.triggers ?? [] }));
    },
    definition: async (id) => definitionOf(await row(id)),
    runnable: async (id) => {
      const found = await row(id);
      if (!found.paused) return definitionOf(found);
      throw new AirCanError("conflict", `The DAG "${id}" is paused.`, { hint: "Resume it first." });
    },
    from: async (source) => {
      const sql = "select id from aircan.dag where source = $1";
      return (await database.query<{ id: string }>(sql, [source])).map(({ id }) => id);
    },
    sources: async () => {
      const rows = await database.query<{ source: string }>("select distinct source from aircan.dag");
      return rows.map(({ source }) => source);
    },
  };
}

async function findRow(database: Database, id: string): Promise<Row> {
  const rows = await database.query<Row>("select * from aircan.dag where id = $1", [id]);
  if (rows[0]) return rows[0];
  const known = await database.query<{ id: string }>("select id from aircan.dag order by id");
  const names = known.map((one) => one.id);
  const nearest = nearestName(id, names);
  throw new AirCanError("not-found", `There is no DAG "${id}".`, {
    hint: nearest ? `Did you mean "${nearest}"?` : `Known are: ${names.join(", ") || "none"}.`,
    where: { dag: id },
  });
}

function definitionOf({ id, definition, import_error }: Row): DagDefinition {
  if (definition) return definition;
  throw new AirCanError(
    "dag-error",
    `The DAG "${id}" cannot be read: ${import_error?.message ?? "no text"}`,
    {
      where: { dag: id },
    },
  );
}

async function put(database: Database, definition: DagDefinition, source: string): Promise<void> {
  const rows = await database.query(
    `insert into aircan.dag (id, source, hash, definition) values ($1, $2, $3, $4)
     on conflict (id) do update
       set source = excluded.source, hash = excluded.hash, definition = excluded.definition, import_error = null,
           updated = case when dag.hash = excluded.hash then dag.updated else now() end
       where dag.source = excluded.source or dag.definition is null
     returning id`,
    [definition.dag, source, hashDag(definition), JSON.stringify(definition)],
  );
  if (rows.length > 0) return;
  const present = await findRow(database, definition.dag);
  throw new AirCanError(
    "conflict",
    `The DAG "${definition.dag}" comes from another place already (${present.source}).`,
    { hint: "Choose another name, or change it there.", where: { dag: definition.dag } },
  );
}

function shownDag(row: Row, lastRun: Run | undefined, schedules: readonly Schedule[] = []): Dag {
  const { id, source, definition, paused, import_error, updated } = row;
  return {
    id,
    title: definition?.title ?? id,
    description: definition?.description ?? "",
    source,
    hash: row.hash ?? "",
    paused,
    params: { ...definition?.params },
    tasks: Object.entries(definition?.tasks ?? {}).map(([name, task]) => ({
      id: name,
      title: task.title ?? name,
      after: [...upstreamOf(task)],
      retries: task.retries ?? 0,
      timeout: task.timeout ?? null,
    })),
    schedules,
    triggers: (definition?.triggers ?? []).map(({ event, match }) => ({ event, match: { ...match } })),
    import_error: import_error && { ...import_error, where: { ...import_error.where } },
    updated: updated.toISOString(),
    last_run: lastRun ?? null,
  };
}
