import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import { defineProcessor } from "../flow/define.ts";
import { selected, selector } from "../flow/selector.ts";
import type { EngineRun } from "../plan/engine.ts";
import type { PlannedResource } from "../plan/package-plan.ts";

const modes = { rewrite: "replace", append: "append", update: "upsert" } as const;

/** Writes resources into tables of a PostgreSQL or SQLite database, all or none. */
export const dumpToSql = defineProcessor({
  name: "dump_to_sql",
  title: "Dump to SQL",
  summary: "Writes resources into tables of a PostgreSQL or SQLite database, all in one transaction.",
  category: "sink",
  safe: false,
  arguments: ["tables", "engine"],
  objects: ["tables"],
  config: z.strictObject({
    tables: z
      .record(
        z.string(),
        z.strictObject({
          resource: z.string().optional().describe("Name of the resource; that of the table unless told."),
          mode: z
            .enum(["rewrite", "append", "update"])
            .default("rewrite")
            .describe("rewrite (all rows anew), append, or update (by key)."),
          update_keys: z
            .array(z.string())
            .optional()
            .describe("Fields of the key; the primary key unless told."),
        }),
      )
      .describe("For each table what goes into it."),
    engine: z
      .string()
      .default("env://DATAFLOWS_DB_ENGINE")
      .describe("URL of the database (postgresql://… or sqlite:///path), or `env://NAME`."),
    resources: selector,
  }),
  examples: [],
  plan: (input, config, { at, folder }) => {
    const chosen = selected(input, config.resources);
    const database = databaseUrl(config.engine);
    const tables = Object.entries(config.tables).map(([table, { resource = table, mode, update_keys }]) => ({
      table,
      resource: resourceNamed(resource, chosen),
      mode: modes[mode],
      ...(update_keys ? { key: update_keys } : {}),
    }));
    const stage = async (run: EngineRun) => {
      const { dumpTables } = await import("../sql/dump-tables.ts"); // the driver is loaded when it is needed
      return dumpTables(run, tables, { database, folder });
    };
    return {
      ...input,
      sinks: [
        ...input.sinks,
        {
          at,
          input: tables.map(({ resource }) => resource),
          summary: `tables ${Object.keys(config.tables).join(", ")}`,
          stage,
        },
      ],
    };
  },
});

function resourceNamed(name: string, resources: readonly PlannedResource[]): PlannedResource {
  const found = resources.find(({ descriptor }) => descriptor.name === name);
  if (found) return found;
  throw new AirCanError(
    "unknown-resource",
    `dump_to_sql names the resource "${name}", but the resources here are: ${resources.map(({ descriptor }) => descriptor.name).join(", ")}.`,
  );
}

function databaseUrl(engine: string): string {
  const name = /^env:\/\/(.+)$/.exec(engine)?.[1];
  const url = name === undefined ? engine : process.env[name];
  if (url !== undefined) return url;
  throw new AirCanError(
    "config-error",
    `dump_to_sql takes the database from the variable ${name}, which is not set.`,
    { hint: `Set ${name}, or give \`engine\`.` },
  );
}
