import type { OnSource } from "../checks/validate-entries.ts";
import type { Output } from "./output.ts";

/** Says on the live line which source is tested, and of several how many are done. */
export function showProgress(output: Output): OnSource {
  return (source, done, total) => {
    const width = 20;
    const filled = Math.round((done / total) * width);
    const bar = total > 1 ? `${"█".repeat(filled)}${"░".repeat(width - filled)} ${done + 1}/${total} ` : "";
    output.progress(`${bar}${source} …`);
  };
}
