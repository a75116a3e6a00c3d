import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

const execute = promisify(execFile);
const forReading = constants.O_RDONLY | constants.O_NONBLOCK;
/** Milliseconds between two looks for a writer that came too late. */
const often = 20;

export interface NamedPipe {
  readonly reading: Readable;
  /** Ends the reading. A writer that comes only now would wait for a reader for ever: it gets one, which leaves at once. */
  readonly letGo: () => void;
  /** Removes the pipe, when its writer is done. */
  readonly remove: () => Promise<void>;
}

/**
 * Makes a named pipe and reads it: DuckDB writes to it as to a file. It is opened without waiting for the
 * writer, and read as its bytes come, so that no thread is held by a writer that never comes.
 */
export async function openNamedPipe(path: string): Promise<NamedPipe> {
  await execute("mkfifo", ["-m", "600", path]);
  const reading = new Socket({ fd: openSync(path, forReading), readable: true, writable: false });
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    reading,
    letGo: () => {
      reading.destroy();
      if (!isOver) timer ??= setInterval(() => closeSync(openSync(path, forReading)), often);
    },
    remove: async () => {
      isOver = true;
      clearInterval(timer);
      await rm(path, { force: true });
    },
  };
}
