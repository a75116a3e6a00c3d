import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { AirCanError } from "../base/errors.ts";

/** A server for one test. Gives its address, without a slash at the end. */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // a server that listens on a port has an address of this shape
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Code and message of what went wrong. */
export async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof AirCanError ? `${error.code}: ${error.message}` : `not refused: ${String(error)}`;
}
