import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Makes a named pipe: DuckDB writes to it as to a file while another reads it as a stream. */
export async function makeNamedPipe(path: string): Promise<void> {
  await execute("mkfifo", ["-m", "600", path]);
}
