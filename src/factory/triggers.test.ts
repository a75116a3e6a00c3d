import { expect, test } from "vitest";
import { silentLog } from "../base/log.ts";
import type { RunRequest } from "./factory-types.ts";
import { fits, type OutsideEvent, sendEvent } from "./triggers.ts";

const event: OutsideEvent = {
  id: "e1",
  type: "resource.updated",
  source: "https://ckan.example.org",
  subject: "r1",
  data: { format: "CSV", size: 12, url: "https://example.org/a.csv", resource: { name: "prices" } },
};

test.each([
  ["its type", { event: "resource.updated" }, true],
  ["another type", { event: "resource.deleted" }, false],
  ["a pattern of types", { event: "resource.*" }, true],
  ["a pattern that overlaps itself", { event: "resource.updated*updated" }, false],
  ["the source", { event: "*", source: "*example.org" }, true],
  ["another subject", { event: "*", subject: "r2" }, false],
  ["a value, whatever its case", { event: "*", match: { format: "csv" } }, true],
  ["one of several values", { event: "*", match: { format: ["xlsx", "csv"] } }, true],
  ["a number", { event: "*", match: { size: 12 } }, true],
  ["a part of a part", { event: "*", match: { "resource.name": "pri*" } }, true],
  ["a part that is not there", { event: "*", match: { "resource.url": "*" } }, false],
])("an event fits by %s", (_, trigger, expected) => {
  expect(fits(trigger, event)).toBe(expected);
});

const started: RunRequest[] = [];
const parts = {
  log: silentLog,
  startRun: async (request: RunRequest) => {
    started.push(request);
    return { run: { id: request.dag }, created: true } as never; // no more is looked at
  },
};

test("what an event starts has the parts of the event in its conf, and starts once", async () => {
  const trigger = {
    event: "resource.*",
    conf: {
      resource: { path: "{{ event.data.url }}" },
      name: "{{ event.data.resource.name }} of {{event.subject}}",
      all: "{{ event.data }}",
    },
    dataset: "org/{{ event.data.resource.name }}",
  };
  const triggered = async () => [{ dag: "validate", triggers: [{ event: "other" }, trigger] }];
  await sendEvent(event, { ...parts, triggered }, "ada");
  expect(started.splice(0)).toEqual([
    {
      dag: "validate",
      trigger: "event",
      user: "ada",
      dataset: "org/prices",
      conf: { resource: { path: "https://example.org/a.csv" }, name: "prices of r1", all: event.data },
      note: "By the event resource.updated of https://ckan.example.org",
      idempotencyKey: "event https://ckan.example.org e1 validate 1",
    },
  ]);
});

test("an event without a part that the trigger needs says so", async () => {
  const triggered = async () => [
    { dag: "d", triggers: [{ event: "*", conf: { x: "{{ event.data.nothing }}" } }] },
  ];
  await expect(sendEvent(event, { ...parts, triggered })).rejects.toMatchObject({ code: "params-error" });
});
