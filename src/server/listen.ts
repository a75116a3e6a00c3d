import { once } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { App } from "./parts.ts";

export interface Listening {
  /** Such as `http://localhost:8080`. */
  readonly url: string;
  readonly port: number;
  /** Answers no more, and breaks off what is under way. */
  readonly close: () => Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/**
 * Serves an app over HTTP.
 *
 * @throws AirCanError `port-in-use`, `config-error` for an address that cannot be listened on.
 */
export async function listen(app: Pick<App, "fetch">, { host, port }: ListenOptions): Promise<Listening> {
  // without `http2` it is a plain server of node:http
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions }) as Server;
  server.listen(port, host);
  await once(server, "listening").catch((error: unknown) => {
    throw listenError(error, { host, port });
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${shownHost(host)}:${bound}`,
    port: bound,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A large upload may take hours; a client that sends nothing for a minute is gone. */
const serverOptions = { requestTimeout: 0, headersTimeout: 30_000, connectionsCheckingInterval: 5_000 };

function shownHost(host: string): string {
  if (["127.0.0.1", "::1", "0.0.0.0", "::", "localhost"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function listenError(error: unknown, { host, port }: ListenOptions): AirCanError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new AirCanError("port-in-use", `Another program listens on port ${port} of ${host} already.`, {
      cause: error,
      where: { port },
    });
  const reason =
    code === "EACCES"
      ? "it may not be used without more rights"
      : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
        ? "it is no address of this machine"
        : messageOf(error);
  return new AirCanError("config-error", `Port ${port} of ${host} cannot be listened on: ${reason}.`, {
    cause: error,
    hint: "Choose another `--port` or `--host`.",
    where: { host, port },
  });
}
