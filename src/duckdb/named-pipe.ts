import { execFile } from "node:child_process";
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Makes a named pipe and reads it: DuckDB writes to it as to a file. It is opened without waiting for the
 * writer, and read as its bytes come, so that no thread is held by a writer that never comes.
 */
export async function openNamedPipe(path: string): Promise<Readable> {
  await execute("mkfifo", ["-m", "600", path]);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}
