import { readConf } from "./conf.ts";
import { readResource, writeJson } from "./files.ts";
import type { LoadTaskBody } from "./task.ts";

/** `load.notify`: the outcome of the run, in one file and one sentence. Callbacks are the factory's. */
export const notify: LoadTaskBody = async (context) => {
  const { name } = readConf(context.conf);
  const { aircan, schema, hash, bytes } = await readResource(context, "load");
  const { load, source } = aircan ?? {};
  const outcome = { name, address: `datastore://${name}`, source, hash, bytes, fields: schema?.fields, load };
  context.log("info", `The table "${name}" is ready.`);
  return {
    stats: {},
    outputs: [await writeJson(context, "outcome.json", outcome)],
    summary: textOf(load, "summary") ?? `The table "${name}" is ready`,
  };
};

function textOf(value: unknown, key: string): string | undefined {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "string" ? found : undefined;
}
