import type { OnSource } from "../checks/validate-entries.ts";
import { secondsText } from "./cell-text.ts";
import type { Output } from "./output.ts";

/** The live line of a validation. */
export interface Progress {
  readonly onSource: OnSource;
  /** Takes the line away. */
  readonly close: () => void;
}

const barWidth = 20;

/** Milliseconds between two looks at the clock. */
const tick = 500;

/** Says which source is tested and for how long, and of several how many are done. */
export function openProgress(output: Pick<Output, "progress">): Progress {
  let timer: NodeJS.Timeout | undefined;
  return {
    onSource: (source, done, total) => {
      clearInterval(timer);
      const started = performance.now();
      const show = (): void => {
        const seconds = Math.floor((performance.now() - started) / 1000);
        const since = seconds < 2 ? "" : ` ${secondsText(seconds).replace(".00", "").replace(".0", "")}`;
        output.progress(`${bar(done, total)}testing ${source} …${since}`);
      };
      show();
      timer = setInterval(show, tick).unref();
    },
    close: () => {
      clearInterval(timer);
      output.progress("");
    },
  };
}

function bar(done: number, total: number): string {
  if (total < 2) return "";
  const filled = Math.round((done / total) * barWidth);
  return `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${done + 1} of ${total}  `;
}
