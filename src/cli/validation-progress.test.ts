import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openProgress } from "./validation-progress.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the live line names the source, says how many are done, and for how long it has been at it", () => {
  const said: string[] = [];
  const { onSource, close } = openProgress({ progress: (text) => said.push(text) });
  onSource("a.csv", 0, 2);
  onSource("b.csv", 1, 2);
  vi.advanceTimersByTime(2500);
  close();
  vi.advanceTimersByTime(2500);
  expect([...new Set(said)]).toEqual([
    "░░░░░░░░░░░░░░░░░░░░ 1 of 2  testing a.csv …",
    "██████████░░░░░░░░░░ 2 of 2  testing b.csv …",
    "██████████░░░░░░░░░░ 2 of 2  testing b.csv … 2 s",
    "",
  ]);
});
