import { existsSync } from "node:fs";
import { join } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { Fetching } from "../reading/options.ts";
import { bytesText } from "./cell-text.ts";
import type { Output } from "./output.ts";
import { dataFolderOf, type Settings, sizeSetting } from "./settings.ts";

/** Bytes after which a download is worth a line. */
const worthTelling = 1_000_000;

/** How a command fetches: its limits, live progress, and a cache in the data folder, once there is one. */
export function fetchingOf(settings: Settings, folder: string, output: Pick<Output, "progress">): Fetching {
  const data = dataFolderOf(settings, folder);
  return {
    ...limitsOf(settings),
    ...(existsSync(data) ? { cacheFolder: join(data, "cache") } : {}),
    onBytes: ({ done, total }) => {
      if (done < worthTelling) return;
      output.progress(`fetching ${bytesText(done)}${total === null ? "" : ` of ${bytesText(total)}`} …`);
    },
  };
}

/** Sizes and times of sources from elsewhere. @throws AirCanError `config-error`. */
export function limitsOf(settings: Settings): Pick<Fetching, "maxBytes" | "idleTimeout"> {
  const { value, origin } = settings.fetchTimeout;
  const seconds = Number(value ?? 30);
  if (!(seconds > 0))
    throw new AirCanError("config-error", `"${value}" (from ${origin}) is no time.`, {
      hint: "Give seconds, such as 30.",
    });
  return { maxBytes: sizeSetting(settings, "maxDownload"), idleTimeout: seconds * 1000 };
}
