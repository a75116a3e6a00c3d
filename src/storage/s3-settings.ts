import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { S3Keys } from "./sign-s3.ts";

/** Where S3 is and who asks. */
export interface S3Settings {
  /** `https://s3.<region>.amazonaws.com` unless told. */
  readonly endpoint?: string;
  readonly region: string;
  /** Undefined: requests are not signed, which public buckets allow. */
  readonly keys?: S3Keys;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of this machine, from where the tools of AWS have them: the environment, then the profile
 * (`AWS_PROFILE`, `default`) of `~/.aws/credentials` and `~/.aws/config`. `AIRCAN_S3_ENDPOINT` wins over
 * theirs.
 *
 * @throws AirCanError `config-error` if `AWS_PROFILE` names a profile without keys.
 */
export async function readS3Settings(env: Environment = process.env): Promise<S3Settings> {
  const profile = await readProfile(env);
  const endpoint =
    env.AIRCAN_S3_ENDPOINT ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? profile.endpoint_url;
  const keys = keysOf(env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN);
  const own =
    keys ?? keysOf(profile.aws_access_key_id, profile.aws_secret_access_key, profile.aws_session_token);
  if (own === undefined && env.AWS_PROFILE) throw noKeys(env.AWS_PROFILE);
  return {
    ...(endpoint ? { endpoint } : {}),
    region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? profile.region ?? "us-east-1",
    ...(own ? { keys: own } : {}),
  };
}

function keysOf(id: string | undefined, secret: string | undefined, token: string | undefined) {
  if (!id || !secret) return undefined;
  return { accessKeyId: id, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) };
}

function noKeys(profile: string): AirCanError {
  return new AirCanError("config-error", `The AWS profile "${profile}" has no keys of its own.`, {
    hint: `For profiles of SSO and roles run: eval "$(aws configure export-credentials --profile ${profile} --format env)"`,
    where: { profile },
  });
}

async function readProfile(env: Environment): Promise<Readonly<Record<string, string>>> {
  const name = env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || "default";
  const folder = join(env.HOME ?? homedir(), ".aws");
  const [config, credentials] = await Promise.all([
    readText(env.AWS_CONFIG_FILE ?? join(folder, "config")),
    readText(env.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, "credentials")),
  ]);
  return {
    ...sectionOf(config, name === "default" ? /^default$/ : profileSection(name)),
    ...sectionOf(credentials, new RegExp(`^${RegExp.escape(name)}$`)),
  };
}

const profileSection = (name: string) => new RegExp(`^profile\\s+${RegExp.escape(name)}$`);

const readText = (path: string) => readFile(path, "utf8").catch(() => "");

/** The keys and values of one section of an INI file. */
function sectionOf(text: string, section: RegExp): Record<string, string> {
  const found: Record<string, string> = {};
  let isIn = false;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) isIn = section.test(header);
    const [, key, value] = /^([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (isIn && header === undefined && key !== undefined && value !== undefined) found[key] = value;
  }
  return found;
}
