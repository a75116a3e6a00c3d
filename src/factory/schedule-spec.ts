import { Cron } from "croner";
import { z } from "zod";
import { AirCanError, messageOf } from "../base/errors.ts";

const object = z.record(z.string(), z.unknown());
const text = z.string().min(1).max(1000);

/** When runs of a DAG start by themselves, and what of. */
export const scheduleSpec = z.strictObject({
  cron: text.describe("Five fields (minute, hour, day, month, weekday), or six with seconds first."),
  timezone: text.default("UTC").describe("Such as Europe/Oslo."),
  catchup: z
    .boolean()
    .default(false)
    .describe("Start the runs that were missed while no factory ran, all of them; else only the last."),
  conf: object.optional(),
  dataset: text.optional().describe("`org/dataset`"),
  resource: text.optional(),
});
export type ScheduleSpec = z.output<typeof scheduleSpec>;

const match = z.record(z.string(), z.unknown());

/** An event that starts a run of a DAG. */
export const triggerSpec = z.strictObject({
  event: text.describe("Type of the event; `*` stands for any characters."),
  source: text.optional().describe("The same for its source."),
  subject: text.optional().describe("The same for its subject."),
  match: match.optional().describe("By path in the event's data: the value, or a list of values."),
  conf: object.optional().describe("Of the run; `{{ event.data.url }}` is a part of the event."),
  dataset: text.optional(),
  resource: text.optional(),
});
export type TriggerSpec = z.output<typeof triggerSpec>;

/**
 * A schedule, checked.
 *
 * @throws AirCanError `dag-error` that says what is wrong with it.
 */
export function readSchedule(value: unknown): ScheduleSpec {
  const parsed = scheduleSpec.safeParse(typeof value === "string" ? { cron: value } : value);
  if (!parsed.success) throw specError("schedule", parsed.error.issues[0]);
  const { cron, timezone } = parsed.data;
  try {
    if (nextInstant(parsed.data, new Date()) !== null) return parsed.data;
  } catch (error) {
    const isZone = /timezone/i.test(messageOf(error));
    throw new AirCanError(
      "dag-error",
      isZone
        ? `The schedule's timezone "${timezone}" is not known.`
        : `The schedule's cron "${cron}" cannot be read: ${messageOf(error).replace(/^CronPattern: /, "")}`,
      {
        hint: isZone
          ? "Write it as in the IANA database, such as Europe/Oslo."
          : "Write minute, hour, day, month and weekday, such as `0 6 * * *`.",
        cause: error,
      },
    );
  }
  throw new AirCanError("dag-error", `The schedule's cron "${cron}" never comes round.`);
}

/** Triggers, checked. @throws AirCanError `dag-error`. */
export function readTriggers(value: unknown): readonly TriggerSpec[] {
  const parsed = z.array(triggerSpec).safeParse(value);
  if (parsed.success) return parsed.data;
  throw specError("triggers", parsed.error.issues[0]);
}

function specError(what: string, issue: z.core.$ZodIssue | undefined): AirCanError {
  const place = [what, ...(issue?.path ?? [])].join(".");
  return new AirCanError("dag-error", `${place}: ${issue?.message}.`, { where: { place } });
}

type When = Pick<ScheduleSpec, "cron" | "timezone">;

function cronOf({ cron, timezone }: When): Cron {
  return new Cron(cron, { timezone, paused: true, mode: "5-or-6-parts" });
}

/** When it comes round next after an instant; null if it never does. */
export function nextInstant(when: When, after: Date): Date | null {
  return cronOf(when).nextRun(after);
}

/** Instants at once, at most: a schedule of seconds that catches up a year has time. */
const mostAtOnce = 20;

/** The instants after `handled` up to now that runs are due for, in order: without `catchup` the last one only. */
export function dueInstants(spec: ScheduleSpec, handled: Date, now: Date): readonly Date[] {
  const cron = cronOf(spec);
  if (spec.catchup) return cron.nextRuns(mostAtOnce, handled).filter((instant) => instant <= now);
  // what is due at this very instant is no previous one yet
  return cron.previousRuns(1, new Date(now.getTime() + 1)).filter((instant) => instant > handled);
}
