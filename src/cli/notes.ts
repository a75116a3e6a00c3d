import type { Package, Resource } from "../descriptor/types.ts";
import type { Output } from "./output.ts";

/** Says what people should know of how the sources of a package were read, such as columns that were renamed. */
export function sayNotes(output: Output, { resources }: Package): void {
  for (const { name, path, aircan } of resources)
    for (const { text } of aircan?.notes ?? [])
      output.say(output.style("yellow", `note: ${pathText(path) ?? name}: ${text}`, process.stderr));
}

/** The path of a resource; of many parts the first, and how many more there are. */
export function pathText(path: Resource["path"]): string | undefined {
  if (path === undefined || typeof path === "string") return path;
  return path.length > 3 ? `${path[0]} and ${path.length - 1} more` : path.join(", ");
}
