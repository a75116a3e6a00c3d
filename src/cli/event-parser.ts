/** One server-sent event. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: string;
}

/** Events of a stream of server-sent events, as they become complete; comments are passed over. */
export async function* parseEvents(body: ReadableStream<Uint8Array>): AsyncIterable<ServerEvent> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield* eventOf(block);
  }
}

function eventOf(block: string): ServerEvent[] {
  const values = (name: string) =>
    block
      .split("\n")
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ""));
  const data = values("data");
  return data.length === 0
    ? []
    : [{ id: values("id").at(-1), type: values("event").at(-1) ?? "message", data: data.join("\n") }];
}
