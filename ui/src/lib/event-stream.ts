import { authHeaders } from "./api.ts";

/** One server-sent event. */
export interface StreamEvent {
  readonly id: string | null;
  readonly type: string;
  readonly data: string;
}

export interface StreamOptions {
  /** What came up to this event is known already. */
  readonly after?: string | null;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StreamEvent) => void;
  /** Told when the connection opens and when it is lost. */
  readonly onState: (connected: boolean) => void;
}

/**
 * Follows a stream of server-sent events until aborted: reconnects with a growing pause, and asks for what came after the
 * last event seen. Not `EventSource`, because that cannot send a token. The stream's own `end` event ends it.
 */
export async function followStream(path: string, options: StreamOptions): Promise<void> {
  let lastId = options.after ?? null;
  let pause = 500;
  while (!options.signal.aborted) {
    try {
      const ended = await readOnce(path, lastId, options, (event) => {
        pause = 500;
        if (event.id !== null) lastId = event.id;
        options.onEvent(event);
      });
      if (ended) return;
    } catch {
      // Lost: the state says so, and the next round tries again.
    }
    if (options.signal.aborted) return;
    options.onState(false);
    await wait(pause, options.signal);
    pause = Math.min(pause * 2, 10_000);
  }
}

async function readOnce(
  path: string,
  lastId: string | null,
  options: StreamOptions,
  onEvent: (event: StreamEvent) => void,
): Promise<boolean> {
  const resume = lastId === null ? {} : { "last-event-id": lastId };
  const headers = { accept: "text/event-stream", ...authHeaders(), ...resume };
  const response = await fetch(path, { headers, signal: options.signal });
  if (!response.ok || response.body === null) throw new Error(`stream answered ${response.status}`);
  options.onState(true);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parse = eventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return false;
    for (const event of parse(value)) {
      if (event.type === "end") return true;
      onEvent(event);
    }
  }
}

/** Takes text in any pieces, gives the events that are complete. */
export function eventParser(): (chunk: string) => StreamEvent[] {
  let rest = "";
  return (chunk) => {
    const blocks = (rest + chunk).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.flatMap(parseBlock);
  };
}

function parseBlock(block: string): StreamEvent[] {
  const fields = block.split("\n").map((line) => /^(\w+):\s?(.*)$/.exec(line));
  const values = (name: string) => fields.filter((field) => field?.[1] === name).map((field) => field?.[2]);
  const data = values("data");
  if (data.length === 0) return [];
  return [
    { id: values("id").at(-1) ?? null, type: values("event").at(-1) ?? "message", data: data.join("\n") },
  ];
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });
}
