import type { Command } from "commander";
import { bytesText, countText, secondsText } from "../cell-text.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { sayNotes } from "../notes.ts";
import { addReadingOptions, type SourceOptions } from "../reading-options.ts";
import { flowOptions, sourceFlow } from "../source-flow.ts";

interface ConvertOptions extends SourceOptions {
  readonly toFormat?: string;
  readonly fields?: readonly string[];
}

/** `aircan convert`: any readable format to any writable one. */
export function addConvertCommand(program: Command): void {
  addReadingOptions(
    addCommand(program, {
      usage: "convert <source> <target>",
      summary: "write a source in another format, by the target's extension",
      example: "aircan convert cities.csv cities.parquet\naircan convert cities.parquet - --to-format csv",
    })
      .option("--to-format <name>", "format of the target, where its extension does not tell")
      .option("--fields <names...>", "only these fields, in this order"),
  ).action(action(convert));
}

async function convert(invocation: Invocation<ConvertOptions>, source = "", target = ""): Promise<undefined> {
  const { options, output } = invocation;
  const [{ formatOfTarget, writeFile }, { selectFields }, { makeStep }] = await Promise.all([
    import("../write-file.ts"),
    import("../../index.ts"),
    import("../../flow/step.ts"),
  ]);
  const format = formatOfTarget(target, options.toFormat);
  const chosen = options.fields?.flatMap((names) => names.split(","));
  const flow = await sourceFlow(source, options, [
    ...(chosen ? [selectFields(chosen)] : []),
    makeStep(writeFile, { path: target, format }),
  ]);
  const { package: descriptor, stats, errors } = await flow.run(flowOptions(invocation));
  sayNotes(output, descriptor);
  const { rows, bytes, seconds } = stats;
  const said = `${target === "-" ? "standard output" : target}: ${countText(rows)} rows, ${bytesText(bytes)}, ${secondsText(seconds)}`;
  if (target === "-" && !output.json) output.say(said);
  else
    output.result({ source, target, format, rows, bytes, seconds, package: descriptor, errors }, () => said);
}
