import type { Flow, FlowOptions } from "../flow/flow.ts";
import type { ReadDatastore } from "../reading/stored-table.ts";
import { countText } from "./cell-text.ts";
import type { Invocation } from "./command.ts";
import { fetchingOf } from "./fetching.ts";
import type { Output } from "./output.ts";
import { readingOptions, type SourceOptions } from "./reading-options.ts";
import { databaseOptions, type Settings } from "./settings.ts";

/** The flow that reads one source as the command's options tell, and then does the further steps. */
export async function sourceFlow(
  source: string,
  options: SourceOptions,
  steps: readonly unknown[] = [],
): Promise<Flow> {
  const { flow, load } = await import("../index.ts");
  return flow(
    load(source, loadOptions(options)),
    ...(steps as []), // steps of any kind: each is checked when the flow is made
  );
}

/** The reading options as the processor `load` names them. */
export function loadOptions(options: SourceOptions) {
  const { headerRows, missingValues, ...reading } = readingOptions(options);
  return {
    ...reading,
    ...(headerRows === undefined
      ? {}
      : { header_rows: headerRows === "none" ? headerRows : [...headerRows] }),
    ...(missingValues === undefined ? {} : { missing_values: [...missingValues] }),
  };
}

/** How a command runs a flow: with its policy, its signal, and live progress. */
export function flowOptions(
  { options, output, signal, folder, settings }: Invocation<SourceOptions>,
  more: FlowOptions = {},
): FlowOptions {
  return {
    signal,
    folder,
    trusted: true,
    trustDescriptors: options.trusted ?? false,
    datastore: datastoreOf(settings, folder, output),
    fetching: fetchingOf(settings, folder, output),
    onProgress: ({ resource, rows, fraction }) =>
      output.progress(
        `${resource ? `${resource}: ` : ""}${countText(rows)} rows${fraction === undefined ? "" : `, ${Math.round(fraction * 100)} %`}`,
      ),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
    ...more,
  };
}

/** Reads tables of the DataStore of the data folder; starts its database for that long, if none runs. */
export function datastoreOf(settings: Settings, folder: string, { log }: Output): ReadDatastore {
  return async (name, temporaryFolder) => {
    const [{ openDatabase }, { readDatastore }] = await Promise.all([
      import("../sql/embedded.ts"),
      import("../sql/datastore-dump.ts"),
    ]);
    const database = await openDatabase(databaseOptions(settings, folder, log));
    try {
      return await readDatastore(database.url, name, temporaryFolder);
    } finally {
      await database.close();
    }
  };
}
