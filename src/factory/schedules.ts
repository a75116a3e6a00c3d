import { AirCanError } from "../base/errors.ts";
import type { Database } from "./database/database.ts";
import type { Schedule } from "./model.ts";
import { nextInstant, readSchedule, type ScheduleSpec } from "./schedule-spec.ts";

export interface ScheduleRow {
  readonly id: string;
  readonly dag: string;
  readonly source: "dag" | "api";
  readonly spec: ScheduleSpec;
  readonly paused: boolean;
  readonly dag_paused: boolean;
  /** Instants up to this one are over. */
  readonly handled: Date;
  readonly last_run: string | null;
  readonly last_error: string | null;
}

/** The schedules of a factory: those of DAG files, by the DAG's name, and those that were set by the API. */
export interface Schedules {
  readonly list: (dag?: string) => Promise<readonly Schedule[]>;
  readonly show: (id: string) => Promise<Schedule>;
  /** Sets a schedule of a DAG. Throws `dag-error`, and `conflict` if a DAG file has one of this name. */
  readonly put: (id: string, dag: string, spec: unknown) => Promise<Schedule>;
  readonly pause: (id: string, paused: boolean) => Promise<Schedule>;
  readonly remove: (id: string) => Promise<void>;
  /** Brings the schedule of a DAG's own definition up to date; undefined: it has none. */
  readonly sync: (dag: string, spec: ScheduleSpec | undefined) => Promise<void>;
  /** A DAG goes on: what would have started while it was paused does not. */
  readonly resumed: (dag: string) => Promise<void>;
  /** Those that may start something now. */
  readonly active: () => Promise<readonly ScheduleRow[]>;
  /** An instant is over: a run was started for it, or could not be. */
  readonly handled: (
    id: string,
    at: Date,
    outcome: { readonly run: string } | { readonly error: string },
  ) => Promise<void>;
}

const columns = `schedule.*, coalesce(dag.paused, false) as dag_paused
  from aircan.schedule left join aircan.dag on dag.id = schedule.dag`;

/** The schedules that stand in the database. */
export function openSchedules(database: Database): Schedules {
  const rows = (where: string, values: readonly unknown[]) =>
    database.query<ScheduleRow>(`select ${columns} where ${where} order by schedule.id`, values);
  const show = async (id: string) => {
    const [row] = await rows("schedule.id = $1", [id]);
    if (row) return shownSchedule(row);
    throw new AirCanError("not-found", `There is no schedule "${id}".`, { where: { schedule: id } });
  };
  return {
    ...changes(database, show),
    show,
    list: async (dag) =>
      (await rows("$1::text is null or schedule.dag = $1", [dag ?? null])).map(shownSchedule),
    active: () => rows("not schedule.paused and not dag.paused and dag.definition is not null", []),
    handled: async (id, at, outcome) => {
      const run = "run" in outcome ? outcome.run : null;
      const error = "error" in outcome ? outcome.error : null;
      await database.query(
        `update aircan.schedule set handled = greatest(handled, $2), last_run = coalesce($3, last_run), last_error = $4
         where id = $1`,
        [id, at.toISOString(), run, error],
      );
    },
  };
}

type Changes = Pick<Schedules, "put" | "pause" | "remove" | "sync" | "resumed">;

function changes(database: Database, show: Schedules["show"]): Changes {
  return {
    put: async (id, dag, spec) => {
      await putApi(database, { id, dag, spec: readSchedule(spec) });
      return show(id);
    },
    pause: async (id, paused) => {
      await show(id);
      const skip = paused ? "" : `, handled = case when ${catchesUp} then handled else now() end`;
      await database.query(`update aircan.schedule set paused = $2${skip} where id = $1`, [id, paused]);
      return show(id);
    },
    remove: async (id) => {
      const { source } = await show(id);
      if (source === "dag")
        throw new AirCanError("conflict", `The schedule "${id}" stands in the DAG's own text.`, {
          hint: "Remove it there, or pause it.",
        });
      await database.query("delete from aircan.schedule where id = $1", [id]);
    },
    sync: (dag, spec) => syncDag(database, dag, spec),
    resumed: async (dag) => {
      await database.query(`update aircan.schedule set handled = now() where dag = $1 and not ${catchesUp}`, [
        dag,
      ]);
    },
  };
}

async function syncDag(database: Database, dag: string, spec: ScheduleSpec | undefined): Promise<void> {
  if (spec === undefined) {
    await database.query("delete from aircan.schedule where id = $1 and source = 'dag'", [dag]);
    return;
  }
  await database.query(
    `insert into aircan.schedule (id, dag, source, spec) values ($1, $1, 'dag', $2)
     on conflict (id) do update set source = 'dag', dag = excluded.dag, spec = excluded.spec, updated = now(), handled = now()
     where schedule.spec <> excluded.spec or schedule.source <> 'dag'`,
    [dag, JSON.stringify(spec)],
  );
}

const catchesUp = "coalesce((spec->>'catchup')::boolean, false)";
const names = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

interface Given {
  readonly id: string;
  readonly dag: string;
  readonly spec: ScheduleSpec;
}

async function putApi(database: Database, { id, dag, spec }: Given): Promise<void> {
  if (!names.test(id))
    throw new AirCanError("config-error", `"${id}" cannot be the name of a schedule.`, {
      hint: "Use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 100 at most.",
    });
  const rows = await database.query(
    `insert into aircan.schedule (id, dag, source, spec) values ($1, $2, 'api', $3)
     on conflict (id) do update set dag = excluded.dag, spec = excluded.spec, updated = now(), handled = now()
     where schedule.source = 'api' returning id`,
    [id, dag, JSON.stringify(spec)],
  );
  if (rows.length === 0)
    throw new AirCanError("conflict", `The schedule "${id}" stands in the DAG's own text.`, {
      hint: "Choose another name, or change it there.",
    });
}

function shownSchedule(row: ScheduleRow): Schedule {
  const { id, dag, source, spec, paused, dag_paused, last_run, last_error } = row;
  const stands = paused || dag_paused;
  return {
    ...{ id, dag, source, last_run, last_error, paused },
    cron: spec.cron,
    timezone: spec.timezone,
    catchup: spec.catchup,
    conf: spec.conf ?? {},
    dataset: spec.dataset ?? null,
    resource: spec.resource ?? null,
    next: stands ? null : (nextInstant(spec, new Date())?.toISOString() ?? null),
  };
}
