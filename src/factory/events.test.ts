import fc from "fast-check";
import { expect, test } from "vitest";
import { foldRun, foldTask, newTask, type RunFact, type TaskFact, type Timed } from "./events.ts";

const time = fc.integer({ min: 0, max: 9 }).map((second) => `2026-01-01T00:00:0${second}.000Z`);
const attempt = fc.integer({ min: 1, max: 3 });
const runEvent: fc.Arbitrary<Timed<RunFact>> = fc.oneof(
  fc.record({
    type: fc.constantFrom("run.created", "run.started", "run.cancelling", "run.retried"),
    attempt,
    time,
  }),
  fc.record({
    type: fc.constant("run.ended"),
    attempt,
    time,
    status: fc.constantFrom("DONE", "FAILED", "CANCELLED"),
    summary: fc.constantFrom("a", "b"),
  }),
);
const place = {
  task: fc.constant("t"),
  mapIndex: fc.constant(-1),
  attempt,
  try: fc.integer({ min: 0, max: 3 }),
  time,
};
const taskEvent: fc.Arbitrary<Timed<TaskFact>> = fc.oneof(
  fc.record({ ...place, type: fc.constantFrom("task.waiting", "task.queued", "task.started") }),
  fc.record({
    ...place,
    type: fc.constant("task.progress"),
    progress: fc.record({ rows: fc.integer({ min: 0, max: 5 }), fraction: fc.constant(null) }),
  }),
  fc.record({
    ...place,
    type: fc.constant("task.ended"),
    status: fc.constantFrom("DONE", "FAILED", "SKIPPED", "CANCELLED"),
    retry: fc.boolean(),
  }),
);

const shuffled = <Event>(event: fc.Arbitrary<Event>) =>
  fc
    .array(event, { maxLength: 12 })
    .chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      ),
    );

test("any order of arrival, and hearing of events twice, gives one state per run", () => {
  fc.assert(
    fc.property(shuffled(runEvent), ([events, again]) => {
      const fold = (list: readonly Timed<RunFact>[]) =>
        list.reduce((state, event) => foldRun(event, state), foldRun(created));
      expect(fold(again)).toEqual(fold(events));
    }),
    { seed: 1 },
  );
});

test("any order of arrival, and hearing of events twice, gives one state per task", () => {
  fc.assert(
    fc.property(shuffled(taskEvent), ([events, again]) => {
      const fold = (list: readonly Timed<TaskFact>[]) =>
        list.reduce((state, event) => foldTask(event, state), newTask);
      expect(fold(again)).toEqual(fold(events));
    }),
    { seed: 2 },
  );
});

const created: Timed<RunFact> = { type: "run.created", attempt: 1, time: "2026-01-01T00:00:00.000Z" };

test("a run waits, runs and ends, and waits again when it is retried", () => {
  const events: Timed<RunFact>[] = [
    created,
    { ...created, type: "run.started" },
    { ...created, type: "run.ended", status: "FAILED", summary: "no" },
    { ...created, type: "run.retried", attempt: 2 },
  ];
  const statuses = events.map(
    (_, index) =>
      events.slice(0, index + 1).reduce((state, event) => foldRun(event, state), foldRun(created)).status,
  );
  expect(statuses).toEqual(["WAITING", "RUNNING", "FAILED", "WAITING"]);
});
