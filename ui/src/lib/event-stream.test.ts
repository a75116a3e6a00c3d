import { expect, it } from "vitest";
import { eventParser } from "./event-stream.ts";

const stream =
  'id: 7\nevent: task.started\ndata: {"a":1}\n\n: keep alive\n\nid: 8\r\ndata: one\r\ndata: two\r\n\r\n';
const events = [
  { id: "7", type: "task.started", data: '{"a":1}' },
  { id: "8", type: "message", data: "one\ntwo" },
];

it("reads events, their ids and types, and passes over comments", () => {
  expect(eventParser()(stream)).toEqual(events);
});

it("gives the same events however the stream is cut", () => {
  for (let size = 1; size < stream.length; size++) {
    const parse = eventParser();
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
      stream.slice(index * size, (index + 1) * size),
    );
    expect(pieces.flatMap(parse), `pieces of ${size}`).toEqual(events);
  }
});

it("keeps an event that is not complete until the rest comes", () => {
  const parse = eventParser();
  expect(parse("data: half")).toEqual([]);
  expect(parse(" and half\n\n")).toEqual([{ id: null, type: "message", data: "half and half" }]);
});
