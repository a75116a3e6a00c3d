import type { Flow, FlowOptions } from "../flow/flow.ts";
import { countText } from "./cell-text.ts";
import type { Invocation } from "./command.ts";
import { readingOptions, type SourceOptions } from "./reading-options.ts";

/** The flow that reads one source as the command's options tell, and then does the further steps. */
export async function sourceFlow(
  source: string,
  options: SourceOptions,
  steps: readonly unknown[] = [],
): Promise<Flow> {
  const { flow, load } = await import("../index.ts");
  const { headerRows, missingValues, ...reading } = readingOptions(options);
  return flow(
    load(source, {
      ...reading,
      ...(headerRows === undefined
        ? {}
        : { header_rows: headerRows === "none" ? headerRows : [...headerRows] }),
      ...(missingValues === undefined ? {} : { missing_values: [...missingValues] }),
    }),
    ...(steps as []), // steps of any kind: each is checked when the flow is made
  );
}

/** How a command runs a flow: with its policy, its signal, and live progress. */
export function flowOptions(
  { options, output, signal, folder }: Invocation<SourceOptions>,
  more: FlowOptions = {},
): FlowOptions {
  return {
    signal,
    folder,
    trusted: true,
    onProgress: ({ resource, rows, fraction }) =>
      output.progress(
        `${resource ? `${resource}: ` : ""}${countText(rows)} rows${fraction === undefined ? "" : `, ${Math.round(fraction * 100)} %`}`,
      ),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
    ...more,
  };
}
