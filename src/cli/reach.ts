import { delimiter, resolve } from "node:path";
import type { Fetching } from "../reading/options.ts";
import { limitsOf } from "./fetching.ts";
import type { Settings } from "./settings.ts";

/** What a server may reach beyond the public net and its own storage. */
export interface Reach {
  /** Private addresses that may be fetched: all, or these hosts. */
  readonly allowPrivate: boolean | readonly string[];
  /** Folders of this machine whose files may be read. */
  readonly allowLocal: readonly string[];
  readonly fetching: Fetching;
}

/** AIRCAN_ALLOW_PRIVATE_URLS: 1, or hosts with commas between. AIRCAN_ALLOW_LOCAL: folders, as in PATH. */
export function reachOf(settings: Settings): Reach {
  const { allowPrivateUrls, allowLocal } = settings;
  const hosts = (allowPrivateUrls.value ?? "").split(/[\s,]+/).filter((host) => host !== "");
  const all = hosts.length === 1 && /^(1|true|yes)$/i.test(hosts[0] ?? "");
  const none = hosts.length === 0 || (hosts.length === 1 && /^(0|false|no)$/i.test(hosts[0] ?? ""));
  return {
    allowPrivate: all || (none ? false : hosts),
    allowLocal: (allowLocal.value ?? "")
      .split(delimiter)
      .filter(Boolean)
      .map((folder) => resolve(folder)),
    fetching: limitsOf(settings),
  };
}
