import { realpath } from "node:fs/promises";
import { isAbsolute, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { AirCanError } from "../base/errors.ts";
import { unsafeReason } from "../descriptor/safe-path.ts";
import type { PlanContext, ProcessorDefinition } from "../flow/define.ts";
import type { Registry } from "../flow/spec.ts";

export interface TaskFolders {
  /** Relative paths of sources are relative to this: the DAG file's folder, or that of the run. */
  readonly sources: string;
  /** Sources on this machine must lie in one of these; undefined: anywhere. */
  readonly allowed: readonly string[] | undefined;
}

type Config = Readonly<Record<string, unknown>>;
type Guard = (config: Config, context: PlanContext) => Promise<readonly [Config, PlanContext]>;

/**
 * The processors as a flow in a task has them: sources are read from where this task may read, and what is
 * written stays below the task's own address.
 */
export function taskRegistry(processors: Registry, folders: TaskFolders): Registry {
  const guards: Readonly<Record<string, Guard>> = {
    load: (config, context) => guardLoad(config, context, folders),
    dump_to_path: async (config, context) => {
      if (folders.allowed) requireInside(String(config.path), "dump_to_path");
      return [config, context];
    },
    dump_to_sql: async (config, context) => {
      if (folders.allowed) requireDatabase(String(config.engine));
      return [config, context];
    },
  };
  return Object.fromEntries(
    Object.entries(processors).map(([name, definition]) => {
      const guard = guards[name];
      return [name, guard ? guarded(definition, guard) : definition];
    }),
  );
}

function guarded(definition: ProcessorDefinition, guard: Guard): ProcessorDefinition {
  return {
    ...definition,
    safe: true,
    plan: async (input, config, context) => {
      // The config of a processor is an object: its schema has been applied already.
      const [checked, inner] = await guard(config as Config, context);
      return definition.plan(input, checked, inner);
    },
  };
}

async function guardLoad(
  config: Config,
  context: PlanContext,
  { sources, allowed }: TaskFolders,
): Promise<readonly [Config, PlanContext]> {
  const inner = { ...context, folder: sources, allowLocal: true };
  const { from } = config;
  const path = typeof from === "string" ? pathOf(from, sources) : undefined;
  if (path === undefined) return [config, inner];
  if (allowed) await requireAllowed(path, allowed);
  return [{ ...config, from: path }, inner];
}

/** The file that a source names; undefined for what is no file. */
function pathOf(from: string, folder: string): string | undefined {
  if (/^file:/i.test(from)) return URL.canParse(from) ? fileURLToPath(from) : from;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(from)) return undefined;
  return isAbsolute(from) ? from : resolve(folder, from);
}

async function requireAllowed(path: string, allowed: readonly string[]): Promise<void> {
  const real = (file: string) => realpath(file).catch(() => resolve(file));
  const [file, ...folders] = await Promise.all([path, ...allowed].map(real));
  if (folders.some((folder) => file?.startsWith(folder + sep))) return;
  throw new AirCanError("unsafe-path", `${path} is a path on the server, which is not allowed here.`, {
    hint: "Read what a task before this one wrote (`{{ upstream.TASK }}/…`), a URL, or allow a folder with AIRCAN_ALLOW_LOCAL.",
  });
}

function requireInside(path: string, processor: string): void {
  const reason = unsafeReason(path);
  if (reason === undefined) return;
  throw new AirCanError("unsafe-path", `${processor} names the path "${path}", which ${reason}.`, {
    hint: "Name a folder below the task's own.",
    where: { processor },
  });
}

function requireDatabase(url: string): void {
  if (/^postgres(ql)?:\/\//.test(url)) return;
  throw new AirCanError(
    "unsafe-path",
    "dump_to_sql may write to a PostgreSQL only, in a flow from outside.",
    {
      hint: "Give `engine` as postgresql://…, best as a secret.",
      where: { processor: "dump_to_sql" },
    },
  );
}
