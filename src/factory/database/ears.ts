import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../../base/log.ts";

/** One connection that listens for all. */
export interface Ears {
  /** Calls `heard` for each notification, and once with undefined whenever some may have been missed. */
  readonly listen: (channel: Channel, heard: (payload: string | undefined) => void) => () => void;
  readonly close: () => Promise<void>;
}

/** What processes of a factory tell each other. */
export const channels = [
  "aircan_event",
  "aircan_log",
  "aircan_cancel",
  "aircan_callback",
  "aircan_queue",
] as const;
export type Channel = (typeof channels)[number];

const rest = 200;

interface Listener {
  readonly channel: Channel;
  readonly heard: (payload: string | undefined) => void;
}

/** Opens the connection, and opens it again whenever it breaks. */
export function openEars(url: string, log: Log): Ears {
  const listeners = new Set<Listener>();
  const state = { closed: false, client: undefined as pg.Client | undefined };
  const wake = (channel: string | undefined, payload: string | undefined) => {
    for (const one of listeners) if (channel === undefined || one.channel === channel) one.heard(payload);
  };
  const stayConnected = async (): Promise<void> => {
    while (!state.closed && !state.client) {
      state.client = await connect(url, { wake, log });
      if (!state.client) await pause(rest);
    }
    if (state.closed) return state.client?.end().catch(() => {});
    state.client?.once("end", () => {
      state.client = undefined;
      connecting = stayConnected();
    });
    wake(undefined, undefined);
  };
  let connecting = stayConnected();
  return {
    listen: (channel, heard) => {
      const listener = { channel, heard };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      state.closed = true;
      await state.client?.end().catch(() => {});
      await connecting;
    },
  };
}

interface Connecting {
  readonly wake: (channel: string, payload: string | undefined) => void;
  readonly log: Log;
}

/** A client that listens to every channel; undefined if the database is away. */
async function connect(url: string, { wake, log }: Connecting): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  client.on("notification", ({ channel, payload }) => wake(channel, payload));
  client.on("error", (error) => log("debug", `The listening connection broke: ${error.message}`));
  try {
    await client.connect();
    for (const channel of channels) await client.query(`listen ${channel}`);
    return client;
  } catch {
    await client.end().catch(() => {});
    return undefined;
  }
}
