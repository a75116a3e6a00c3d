import type { Package } from "../descriptor/types.ts";
import type { Output } from "./output.ts";

/** Says what people should know of how the sources of a package were read, such as columns that were renamed. */
export function sayNotes(output: Output, { resources }: Package): void {
  for (const { name, path, aircan } of resources)
    for (const { text } of aircan?.notes ?? [])
      output.say(output.style("yellow", `note: ${String(path ?? name)}: ${text}`, process.stderr));
}
