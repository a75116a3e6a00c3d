import { setTimeout as pause } from "node:timers/promises";
import { catalogue } from "../../base/catalogue.ts";
import { AirCanError, type ErrorObject, messageOf } from "../../base/errors.ts";
import { fromObject } from "../../factory/run-tasks.ts";
import type { Invocation } from "../command.ts";
import { parseEvents, type ServerEvent } from "../event-parser.ts";
import { findServer } from "../server-file.ts";
import { dataFolderOf } from "../settings.ts";

/** Speaks to a factory's API. Each call throws the error object that it answers with. */
export interface ApiClient {
  readonly get: <Body>(path: string) => Promise<Body>;
  readonly send: <Body>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown) => Promise<Body>;
  /** Server-sent events until the stream's `end`. */
  readonly follow: (path: string) => AsyncIterable<ServerEvent>;
  /** False if no factory runs, so that what is asked for waits for the next one. */
  readonly running: boolean;
  readonly close: () => Promise<void>;
}

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/**
 * Work with the API of the factory that `--url` (or AIRCAN_URL) names, or that runs on the data folder. If none
 * runs there the database is opened for this one command.
 *
 * @throws AirCanError `unreachable`, and what the API answers.
 */
export async function withApi<Result>(
  invocation: Invocation<unknown>,
  work: (api: ApiClient) => Promise<Result>,
): Promise<Result> {
  const api = await openClient(invocation);
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

async function openClient(invocation: Invocation<unknown>): Promise<ApiClient> {
  const { settings, folder, signal } = invocation;
  const url = settings.url.value ?? (await findServer(dataFolderOf(settings, folder)));
  if (url === undefined) return openInside(invocation);
  const token = settings.token.value;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return clientOf(signal, true, async (path, init) => {
    const headers = { ...authorization, ...init.headers };
    return fetch(new URL(path, url), { ...init, headers }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw unreachable(url, error);
    });
  });
}

function unreachable(url: string, error: unknown): AirCanError {
  const reason =
    error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
  return new AirCanError("unreachable", `The factory at ${url} does not answer: ${reason}.`, {
    where: { url },
  });
}

/** The API within this process, over the database of the data folder; it runs nothing. */
async function openInside({ settings, folder, output, signal }: Invocation<unknown>): Promise<ApiClient> {
  const [{ openServer }, { version }] = await Promise.all([
    import("../open-server.ts"),
    import("../version.ts"),
  ]);
  const server = await openServer({
    settings,
    folder,
    version: version(),
    log: output.log,
    worker: false,
    join: true,
    open: true,
  });
  const client = clientOf(signal, false, async (path, init) =>
    server.app.request(`http://localhost${path}`, init),
  );
  return { ...client, close: server.close };
}

function clientOf(signal: AbortSignal, running: boolean, fetch: Fetch): ApiClient {
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(path, { ...init, signal });
    if (!response.ok) throw await errorOf(response);
    return response;
  };
  return {
    running,
    // the border to the network: the server answers in the shapes of the contract
    get: async <Body>(path: string) => (await (await request(path, {})).json()) as Body,
    send: async <Body>(method: string, path: string, body: unknown = {}) => {
      const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      const response = await request(path, { method, ...(method === "DELETE" ? {} : json) });
      return (await response.json()) as Body; // see `get`
    },
    follow: (path) => follow(request, path, signal),
    close: async () => {},
  };
}

/** Times that a lost connection is opened again without an event in between, and milliseconds before each. */
const patience = 30;
const between = 1000;

/** Events to the end, also across a restart of the factory: it is asked for what came after the last one seen. */
async function* follow(request: Fetch, path: string, signal: AbortSignal): AsyncIterable<ServerEvent> {
  let last: string | undefined;
  for (let left = patience; ; left--) {
    const after = last === undefined ? {} : { "last-event-id": last };
    try {
      const { body } = await request(path, { headers: { accept: "text/event-stream", ...after } });
      for await (const event of parseEvents(body ?? new ReadableStream())) {
        if (event.type === "end") return;
        left = patience;
        last = event.id ?? last;
        yield event;
      }
    } catch (error) {
      const refused = error instanceof AirCanError && error.kind !== "io";
      if (signal.aborted || refused || left === 0) throw error;
    }
    if (left === 0) throw new AirCanError("unreachable", `The factory breaks off ${path} again and again.`);
    await pause(between, undefined, { signal });
  }
}

async function errorOf(response: Response): Promise<AirCanError> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (isErrorObject(answer)) return fromObject(answer);
  return new AirCanError("unreachable", `${response.url} answers ${response.status}, but is no factory.`, {
    where: { url: response.url },
  });
}

function isErrorObject(answer: unknown): answer is ErrorObject {
  return (
    typeof answer === "object" && answer !== null && "code" in answer && String(answer.code) in catalogue
  );
}

/** `path?a=1&b=2` without what is undefined. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? path : `${path}?${text}`;
}
