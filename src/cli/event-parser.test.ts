import { expect, test } from "vitest";
import { parseEvents } from "./event-parser.ts";

const text =
  'id: 7\nevent: task.started\ndata: {"a":"ø"}\n\n: still here\n\ndata: one\ndata: two\n\ndata: cut off';

test.each([1, 2, 3, 7, 1000])("events are read whole from pieces of %i bytes", async (size) => {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.slice(i * size, (i + 1) * size),
  );
  const events = await Array.fromAsync(parseEvents(ReadableStream.from<Uint8Array>(pieces)));
  expect(events).toEqual([
    { id: "7", type: "task.started", data: '{"a":"ø"}' },
    { id: undefined, type: "message", data: "one\ntwo" },
  ]);
});
