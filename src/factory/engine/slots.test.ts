import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openSlots } from "./slots.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("no more are inside than there are slots, and who waits goes in by turns", async () => {
  const slots = openSlots(2);
  const inside: string[] = [];
  const come = (id: string) => slots.enter(id).then(() => inside.push(id));
  await Promise.all([come("a"), come("b")]);
  const waiting = [come("c"), come("d")];
  await Promise.resolve();
  expect(inside).toEqual(["a", "b"]);
  slots.leave();
  await waiting[0];
  expect(inside).toEqual(["a", "b", "c"]);
  slots.leave();
  await waiting[1];
  expect(inside).toEqual(["a", "b", "c", "d"]);
});

test("a reserved slot is kept for its own, and free again if that does not come", async () => {
  const slots = openSlots(1);
  expect([slots.reserve("a"), slots.reserve("a"), slots.reserve("b")]).toEqual([true, false, false]);
  expect(await slots.enter("a")).toBe(true);
  slots.leave();
  expect(slots.reserve("b")).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(slots.reserve("c")).toBe(true);
});
