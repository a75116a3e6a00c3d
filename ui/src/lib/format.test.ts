import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatDuration, formatNumber, secondsOf } from "./format.ts";

describe("formatDuration", () => {
  it.each([
    [null, "–"],
    [0, "0.00 s"],
    [0.421, "0.42 s"],
    [9.96, "10.0 s"],
    [12.4, "12 s"],
    [59.7, "1 min 00 s"],
    [184, "3 min 04 s"],
    [3720, "1 h 02 min"],
  ])("says %s seconds as %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe("formatBytes", () => {
  it.each([
    [null, "–"],
    [0, "0 B"],
    [812, "812 B"],
    [1000, "1 kB"],
    [4_213_000, "4.21 MB"],
    [999_999, "1,000 kB"],
    [216_000_000, "216 MB"],
    [5e15, "5,000 TB"],
  ])("says %s bytes as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("formatAgo", () => {
  const now = Date.parse("2026-01-02T12:00:00Z");
  it.each([
    ["2026-01-02T12:00:03Z", "just now"],
    ["2026-01-02T11:59:48Z", "12 s ago"],
    ["2026-01-02T11:57:00Z", "3 min ago"],
    ["2026-01-02T09:00:00Z", "3 h ago"],
    ["2026-01-01T11:00:00Z", "1 day ago"],
    ["2025-12-28T11:00:00Z", "5 days ago"],
  ])("says %s as %s", (time, text) => expect(formatAgo(time, now)).toBe(text));
});

describe("secondsOf", () => {
  const now = Date.parse("2026-01-02T12:00:10Z");
  const started = "2026-01-02T12:00:00Z";
  it.each([
    ["what has not started has no length", { started: null, ended: null, seconds: null }, null],
    ["what runs is as long as it ran", { started, ended: null, seconds: null }, 10],
    ["what is over keeps its own count", { started, ended: "2026-01-02T12:00:04Z", seconds: 3.9 }, 3.9],
    [
      "what is over without a count is measured",
      { started, ended: "2026-01-02T12:00:04Z", seconds: null },
      4,
    ],
  ])("%s", (_, thing, seconds) => expect(secondsOf(thing, now)).toBe(seconds));
});

it("groups the digits of a number", () => expect(formatNumber(1234567)).toBe("1,234,567"));
