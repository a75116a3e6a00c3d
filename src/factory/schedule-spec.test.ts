import { expect, test } from "vitest";
import { dueInstants, nextInstant, readSchedule, readTriggers } from "./schedule-spec.ts";

const at = (text: string) => new Date(text);
const iso = (instants: readonly Date[]) => instants.map((instant) => instant.toISOString());

test("a schedule comes round in its own timezone, across the change of clocks", () => {
  const spec = readSchedule({ cron: "0 6 * * *", timezone: "Europe/Oslo" });
  expect(nextInstant(spec, at("2026-03-28T06:00:00Z"))).toEqual(at("2026-03-29T04:00:00Z"));
  expect(nextInstant(spec, at("2026-10-24T05:00:00Z"))).toEqual(at("2026-10-25T05:00:00Z"));
});

const daily = { cron: "0 6 * * *", timezone: "UTC", catchup: false };

test.each([
  ["nothing before its time", daily, "2026-11-21T05:59:59Z", []],
  ["once at its time", daily, "2026-11-21T06:00:00Z", ["2026-11-21T06:00:00.000Z"]],
  ["the last one only after a pause", daily, "2026-11-23T07:00:00Z", ["2026-11-23T06:00:00.000Z"]],
  [
    "each one that was missed, if it catches up",
    { ...daily, catchup: true },
    "2026-11-23T07:00:00Z",
    ["2026-11-21T06:00:00.000Z", "2026-11-22T06:00:00.000Z", "2026-11-23T06:00:00.000Z"],
  ],
])("a daily schedule gives %s", (_, spec, now, expected) => {
  expect(iso(dueInstants(spec, at("2026-11-20T06:00:00Z"), at(now)))).toEqual(expected);
});

test.each([
  ["a minute that there is not", { cron: "61 * * * *" }, "minute"],
  ["words", { cron: "every day" }, '"every day" cannot be read'],
  ["a day that never comes", { cron: "0 0 30 2 *" }, "never comes round"],
  ["an unknown timezone", { cron: "0 6 * * *", timezone: "Europe/Olso" }, '"Europe/Olso" is not known'],
  ["an unknown word", { cron: "0 6 * * *", zone: "UTC" }, "schedule"],
  ["no cron", {}, "schedule.cron"],
])("a schedule with %s is refused", (_, spec, message) => {
  expect(() => readSchedule(spec)).toThrow(expect.objectContaining({ code: "dag-error" }));
  expect(() => readSchedule(spec)).toThrow(message);
});

test("a trigger without an event is refused by its place", () => {
  expect(() => readTriggers([{ event: "a" }, {}])).toThrow("triggers.1.event");
});
