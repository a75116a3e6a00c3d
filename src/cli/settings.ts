import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { parseSize } from "../factory/units.ts";

interface SettingDefinition {
  readonly flag: string;
  readonly env: string;
  /** Key in `aircan.yaml`. */
  readonly key: string;
  readonly summary: string;
  readonly fallback?: string;
  /** Never printed. */
  readonly secret?: boolean;
}

/** Every setting: its flag, its environment variable and its key in `aircan.yaml`; the first one set wins. */
export const settingDefinitions = {
  port: { flag: "--port", env: "PORT", key: "port", summary: "port of the factory", fallback: "8080" },
  host: { flag: "--host", env: "HOST", key: "host", summary: "address it listens on", fallback: "127.0.0.1" },
  data: {
    flag: "--data",
    env: "AIRCAN_DATA",
    key: "data",
    summary: "folder of the database and of runs",
    fallback: ".aircan",
  },
  databaseUrl: {
    flag: "--database-url",
    env: "DATABASE_URL",
    key: "database_url",
    summary: "PostgreSQL to use instead of the embedded one",
    secret: true,
  },
  storage: {
    flag: "--storage",
    env: "AIRCAN_STORAGE",
    key: "storage",
    summary: "folder for the files of runs",
  },
  url: { flag: "--url", env: "AIRCAN_URL", key: "url", summary: "factory that commands speak to" },
  token: { flag: "--token", env: "AIRCAN_TOKEN", key: "token", summary: "token for it", secret: true },
  dags: { flag: "--dags", env: "AIRCAN_DAGS", key: "dags", summary: "folder of DAG files" },
  maxUpload: {
    flag: "--max-upload",
    env: "AIRCAN_MAX_UPLOAD",
    key: "max_upload",
    summary: "size that one upload may have, such as 500MB",
    fallback: "10GB",
  },
  allowPrivateUrls: {
    flag: "--allow-private-urls",
    env: "AIRCAN_ALLOW_PRIVATE_URLS",
    key: "allow_private_urls",
    summary: "1, or hosts in private networks that a server may fetch",
  },
  allowLocal: {
    flag: "--allow-local",
    env: "AIRCAN_ALLOW_LOCAL",
    key: "allow_local",
    summary: "folders that a server may read",
  },
  allowBuckets: {
    flag: "--allow-buckets",
    env: "AIRCAN_ALLOW_BUCKETS",
    key: "allow_buckets",
    summary: "1, or buckets that a server may read with its own keys",
  },
  maxDownload: {
    flag: "--max-download",
    env: "AIRCAN_MAX_DOWNLOAD",
    key: "max_download",
    summary: "size that one source from elsewhere may have, such as 500MB",
    fallback: "20GB",
  },
  fetchTimeout: {
    flag: "--fetch-timeout",
    env: "AIRCAN_FETCH_TIMEOUT",
    key: "fetch_timeout",
    summary: "seconds without a byte before a source counts as dead",
    fallback: "30",
  },
} as const satisfies Record<string, SettingDefinition>;

/** Keys of `aircan.yaml` that commands read themselves. */
const sections = ["validate"];

export type SettingName = keyof typeof settingDefinitions;

/** What is in force and where it comes from, such as `AIRCAN_DATA` or `default`. */
export interface Setting {
  readonly value: string | undefined;
  readonly origin: string;
}

export type Settings = Readonly<Record<SettingName, Setting>>;

export interface SettingSources {
  /** Options of the command line, by setting name. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Keys of `aircan.yaml`. */
  readonly file: Readonly<Record<string, unknown>>;
}

/**
 * A setting that is a size, in bytes.
 *
 * @throws AirCanError `config-error` if it is none.
 */
export function sizeSetting(settings: Settings, name: "maxUpload" | "maxDownload"): number {
  const { value, origin } = settings[name];
  const { fallback } = settingDefinitions[name];
  try {
    return parseSize(value ?? fallback);
  } catch (error) {
    throw new AirCanError("config-error", `"${value}" (from ${origin}) is no size.`, {
      hint: "Give a size such as 500MB or 10GB.",
      cause: error,
    });
  }
}

/** Flags before environment before `aircan.yaml` before defaults. */
export function resolveSettings({ flags, env, file }: SettingSources): Settings {
  const entries = Object.entries<SettingDefinition>(settingDefinitions).map(([name, definition]) => {
    const found: readonly (readonly [unknown, string])[] = [
      [flags[name], definition.flag],
      [env[definition.env], definition.env],
      [file[definition.key], "aircan.yaml"],
      [definition.fallback, "default"],
    ];
    const [value, origin] = found.find(([value]) => value !== undefined && value !== "") ?? [
      undefined,
      "not set",
    ];
    return [name, { value: value === undefined ? undefined : String(value), origin }] as const;
  });
  return Object.fromEntries(entries) as Settings; // one entry for each definition
}

/**
 * `aircan.yaml` of a folder, as an object; empty where there is none.
 *
 * @throws AirCanError `config-error` if it cannot be read, is no mapping, or has an unknown key.
 */
export async function readSettingsFile(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, "aircan.yaml");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new AirCanError("config-error", `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  return parseSettings(text, path);
}

async function parseSettings(text: string, path: string): Promise<Record<string, unknown>> {
  const { parse } = await import("yaml");
  const keys = [...Object.values(settingDefinitions).map(({ key }) => key), ...sections];
  try {
    const document: unknown = parse(text) ?? {};
    if (document === null || typeof document !== "object" || Array.isArray(document))
      throw new Error("it is no mapping of keys to values");
    const unknown = Object.keys(document).find((key) => !keys.some((known) => known === key));
    if (unknown) throw new Error(`it has the unknown key "${unknown}"`);
    return { ...document };
  } catch (error) {
    throw new AirCanError(
      "config-error",
      `${path} is not valid: ${messageOf(error)}; known keys are ${keys.join(", ")}.`,
      {
        hint: "Correct the file, or remove it.",
        cause: error,
      },
    );
  }
}

/** The data folder as an absolute path. */
export function dataFolderOf(settings: Settings, folder: string): string {
  return resolve(folder, settings.data.value ?? ".aircan");
}

/** Which database a command uses: `DATABASE_URL`, or that of the data folder, along with a factory that runs on it. */
export function databaseOptions(settings: Settings, folder: string, log: Log) {
  return {
    dataFolder: dataFolderOf(settings, folder),
    databaseUrl: settings.databaseUrl.value,
    whenInUse: "join",
    log,
  } as const;
}
