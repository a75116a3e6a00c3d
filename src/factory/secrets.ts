import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AirCanError } from "../base/errors.ts";
import type { Database } from "./database/database.ts";
import type { Factory } from "./factory-types.ts";

export type Secrets = Factory["secrets"] & {
  /** The value of `name` or `secret://name`. Throws `not-found`. */
  readonly resolve: (name: string) => Promise<string>;
};

/** What stands in place of a secret. */
export const hidden = "***";

/** Secrets in the database, encrypted (AES-256-GCM) with a key in the data folder. */
export async function openSecrets(database: Database, dataFolder: string): Promise<Secrets> {
  const key = await readKey(dataFolder);
  return {
    set: async (name, value) => {
      if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(name))
        throw new AirCanError("config-error", `"${name}" cannot be the name of a secret.`);
      await database.query(
        `insert into aircan.secret (name, value) values ($1, $2)
         on conflict (name) do update set value = excluded.value, updated = now()`,
        [name, encrypt(key, name, value)],
      );
    },
    list: async () => {
      const rows = await database.query<{ name: string; updated: Date }>(
        "select name, updated from aircan.secret order by name",
      );
      return rows.map(({ name, updated }) => ({ name, updated: updated.toISOString() }));
    },
    remove: async (name) => {
      const rows = await database.query("delete from aircan.secret where name = $1 returning name", [name]);
      if (rows.length === 0) throw unknownSecret(name);
    },
    resolve: async (reference) => {
      const name = reference.replace(/^secret:\/\//, "");
      const [row] = await database.query<{ value: Buffer }>(
        "select value from aircan.secret where name = $1",
        [name],
      );
      if (!row) throw unknownSecret(name);
      return decrypt(key, name, row.value);
    },
    redact: async (text) => {
      const rows = await database.query<{ name: string; value: Buffer }>(
        "select name, value from aircan.secret",
      );
      return hideAll(
        text,
        rows.map(({ name, value }) => decrypt(key, name, value)),
      );
    },
  };
}

function unknownSecret(name: string): AirCanError {
  return new AirCanError("not-found", `There is no secret "${name}".`, {
    hint: `Store it with \`aircan secrets set ${name}\`.`,
    where: { secret: name },
  });
}

/** The text with each of the values hidden, also as it stands inside JSON. */
export function hideAll(text: string, values: Iterable<string>): string {
  let shown = text;
  for (const value of values) {
    if (value === "") continue;
    for (const form of new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]))
      shown = shown.replaceAll(form, hidden);
  }
  return shown;
}

/** Made once, also when two processes start at the same time. */
async function readKey(dataFolder: string): Promise<Buffer> {
  const path = join(dataFolder, "secret.key");
  const known = await readFile(path).catch(() => undefined);
  if (known) return known;
  await mkdir(dataFolder, { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, randomBytes(32), { mode: 0o600 });
  await link(temporary, path).catch(() => {});
  await rm(temporary, { force: true });
  return readFile(path);
}

function encrypt(key: Buffer, name: string, value: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function decrypt(key: Buffer, name: string, value: Buffer): string {
  const cipher = createDecipheriv("aes-256-gcm", key, value.subarray(0, 12))
    .setAAD(Buffer.from(name))
    .setAuthTag(value.subarray(12, 28));
  try {
    return Buffer.concat([cipher.update(value.subarray(28)), cipher.final()]).toString("utf8");
  } catch (error) {
    throw new AirCanError("config-error", `The secret "${name}" was stored with another key.`, {
      hint: "Store it again, or bring back `secret.key` of the data folder.",
      cause: error,
    });
  }
}
