import type { Package, Resource } from "../descriptor/types.ts";
import type { Output } from "./output.ts";

/** Says what people should know of how the sources of a package were read, such as columns that were renamed. */
export function sayNotes(output: Output, { resources }: Package): void {
  const title = (resource: Resource) =>
    resources.length > 1 ? titleOf(resource) : (pathText(resource.path) ?? resource.name);
  for (const resource of resources)
    for (const { text } of resource.aircan?.notes ?? [])
      output.say(output.style("yellow", `note: ${title(resource)}: ${text}`, process.stderr));
}

/** What a table is called where several are shown: its file, and the sheet or table in it. */
export function titleOf({ name, path, innerpath, dialect }: Resource): string {
  const file = pathText(path) ?? name;
  const inFile = dialect?.sheetName ?? dialect?.table;
  const place = innerpath === undefined ? file : `${file}/${innerpath}`;
  return inFile === undefined ? place : `${place}, "${inFile}"`;
}

/** The path of a resource; of many parts the first, and how many more there are. */
export function pathText(path: Resource["path"]): string | undefined {
  if (path === undefined || typeof path === "string") return path;
  return path.length > 3 ? `${path[0]} and ${path.length - 1} more` : path.join(", ");
}
