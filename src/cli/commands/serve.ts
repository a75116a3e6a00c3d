import type { Command } from "commander";
import { AirCanError } from "../../base/errors.ts";
import type { Listening, ListenOptions } from "../../server/listen.ts";
import type { App } from "../../server/parts.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import type { OpenServer } from "../open-server.ts";
import type { Output } from "../output.ts";
import { wholeNumber } from "../reading-options.ts";
import { dataFolderOf, type Settings, settingDefinitions } from "../settings.ts";
import { untilAborted } from "../until-aborted.ts";

interface ServeOptions {
  readonly worker: boolean;
  readonly sample?: boolean;
  readonly concurrency?: number;
}

/** `aircan serve`: the factory, until it is interrupted. */
export function addServeCommand(program: Command): void {
  const command = addCommand(program, {
    usage: "serve",
    summary: "run the factory: API, page, and (unless --no-worker) a worker",
    example: "aircan serve\naircan serve --port 9000 --data /var/lib/aircan --dags ./dags",
  })
    .option("--sample", "load the shipped sample")
    .option("--no-worker", "leave the runs to `aircan worker`")
    .option("--concurrency <n>", "task bodies at once; the number of cores unless told", wholeNumber(1));
  for (const name of serverSettings) {
    const { flag, summary } = settingDefinitions[name];
    command.option(`${flag} <${placeholders[name] ?? "value"}>`, summary);
  }
  command.action(action(serve));
}

const serverSettings = [
  "port",
  "host",
  "data",
  "databaseUrl",
  "storage",
  "dags",
  "maxUpload",
  "allowPrivateUrls",
  "allowLocal",
  "allowBuckets",
  "maxDownload",
  "fetchTimeout",
] as const;

const placeholders: Readonly<Record<string, string>> = {
  port: "port",
  host: "address",
  data: "folder",
  databaseUrl: "url",
  storage: "folder",
  dags: "folder",
  maxUpload: "size",
  allowPrivateUrls: "hosts",
  allowLocal: "folders",
  allowBuckets: "names",
  maxDownload: "size",
  fetchTimeout: "seconds",
};

async function serve(invocation: Invocation<ServeOptions>): Promise<number> {
  const { signal, output } = invocation;
  const running = await start(invocation).catch(async (error: unknown) => {
    throw await runsAlready(invocation, error);
  });
  try {
    if (signal.aborted) return 0;
    await report(invocation, running);
    await untilAborted(signal);
    output.say("Stopping; runs under way go on at the next start.");
    return 0;
  } finally {
    await running.close();
  }
}

interface Running {
  readonly url: string;
  readonly server: OpenServer;
  readonly close: () => Promise<void>;
}

/** On this machine it listens first, so that a port in use is known at once, and answers 503 until all is open. */
async function start(invocation: Invocation<ServeOptions>): Promise<Running> {
  const { settings, folder } = invocation;
  const [{ listen }, { isLoopback }, { writeServerFile }] = await Promise.all([
    import("../../server/listen.ts"),
    import("../../server/local-only.ts"),
    import("../server-file.ts"),
  ]);
  const wanted = addressOf(settings);
  const door: Door = {};
  const early = isLoopback(wanted.host) ? await listen(waitingRoom(door), wanted) : undefined;
  try {
    const server = await open(invocation);
    const listening = early ?? (await listenOutside(server, wanted, invocation));
    door.app = server.app;
    const { url } = listening;
    const forget = await writeServerFile(dataFolderOf(settings, folder), { url, pid: process.pid });
    const close = async () => void (await Promise.all([forget(), listening.close(), server.close()]));
    return { url, server, close };
  } catch (error) {
    await early?.close();
    throw error;
  }
}

interface Door {
  app?: App;
}

function waitingRoom(door: Door): Pick<App, "fetch"> {
  const wait = new AirCanError("database-error", "The factory is starting.", {
    hint: "Try again in a moment.",
  });
  return {
    fetch: (...request) => door.app?.fetch(...request) ?? Response.json(wait, { status: 503 }),
  };
}

/** Beyond this machine only with a token; without one on loopback, and says so. */
async function listenOutside(
  server: OpenServer,
  wanted: ListenOptions,
  { output }: Invocation<ServeOptions>,
): Promise<Listening> {
  const { listen } = await import("../../server/listen.ts");
  try {
    if ((await server.factory.tokens.list()).length > 0) return await listen(server.app, wanted);
    output.log(
      "warning",
      `There is no token yet, so the factory listens on 127.0.0.1 only, not on ${wanted.host}. Make one with \`aircan tokens create\` and start again.`,
    );
    return await listen(server.app, { ...wanted, host: "127.0.0.1" });
  } catch (error) {
    await server.close();
    throw error;
  }
}

function addressOf({ port, host }: Settings): ListenOptions {
  const number = Number(port.value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535)
    return { host: host.value ?? "127.0.0.1", port: number };
  throw new AirCanError("config-error", `"${port.value}" (from ${port.origin}) is no port.`, {
    hint: "Give a number from 1 to 65535, or 0 for any free port.",
  });
}

async function open({ options, settings, folder, output }: Invocation<ServeOptions>): Promise<OpenServer> {
  const [{ openServer }, { version }] = await Promise.all([
    import("../open-server.ts"),
    import("../version.ts"),
  ]);
  return openServer({
    settings,
    folder,
    version: version(),
    log: output.log,
    worker: options.worker,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  });
}

/** If the folder's own factory is what stands in the way, says where it is. */
async function runsAlready({ settings, folder }: Invocation<ServeOptions>, error: unknown): Promise<unknown> {
  const inTheWay = error instanceof AirCanError && ["port-in-use", "data-folder-error"].includes(error.code);
  if (!inTheWay) return error;
  const { findServer } = await import("../server-file.ts");
  const dataFolder = dataFolderOf(settings, folder);
  const url = await findServer(dataFolder);
  if (url === undefined) return error;
  return new AirCanError("data-folder-error", `A factory of ${dataFolder} runs already: ${url}`, {
    hint: "Use that one, or choose another folder and port with `--data` and `--port`.",
    cause: error,
  });
}

/** Says where everything is; with `--sample` when that is loaded. */
async function report(
  { options, output, signal, settings, folder }: Invocation<ServeOptions>,
  running: Running,
) {
  const { url, server } = running;
  const data = dataFolderOf(settings, folder);
  const loaded = options.sample ? await loadSample(server, { url, output, signal }) : undefined;
  const document = { url, data, pid: process.pid, ...(loaded ? { sample: loaded.document } : {}) };
  output.result(document, () =>
    [`AirCan runs at ${url}`, ...(loaded?.lines ?? []), "Ctrl-C stops it."].join("\n"),
  );
}

async function loadSample({ factory }: OpenServer, { url, output, signal }: Say) {
  const { startSample, sampleSaid, untilOver } = await import("../sample.ts");
  const begun = await startSample(factory);
  if (begun.status === "WAITING" || begun.status === "RUNNING") output.say("Loading the sample…");
  const patience = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  return sampleSaid(await untilOver(factory, begun.id, patience), url);
}

interface Say {
  readonly url: string;
  readonly output: Output;
  readonly signal: AbortSignal;
}
