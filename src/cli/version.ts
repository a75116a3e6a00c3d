import { readFileSync } from "node:fs";

/** The version of the package, from the package.json above source and build alike. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return version;
}
