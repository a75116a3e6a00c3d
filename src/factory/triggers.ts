import { AirCanError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Factory, RunRequest } from "./factory-types.ts";
import type { Run } from "./model.ts";
import type { TriggerSpec } from "./schedule-spec.ts";

/** Something that happened elsewhere, as CloudEvents has it. */
export interface OutsideEvent {
  /** Known to the sender: the same event sent twice starts its runs once. */
  readonly id?: string;
  /** Such as `resource.updated`. */
  readonly type: string;
  readonly source: string;
  readonly subject?: string;
  readonly data?: unknown;
}

export interface TriggerParts {
  /** The triggers of each DAG that may start now. */
  readonly triggered: () => Promise<
    readonly { readonly dag: string; readonly triggers: readonly TriggerSpec[] }[]
  >;
  readonly startRun: Factory["startRun"];
  readonly log: Log;
}

/**
 * Starts a run for each trigger that an event fits; gives these runs.
 *
 * @throws AirCanError what a start throws, when nothing else could be started.
 */
export async function sendEvent(
  event: OutsideEvent,
  { triggered, startRun, log }: TriggerParts,
  user?: string,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  const errors: unknown[] = [];
  for (const { dag, triggers } of await triggered()) {
    for (const [i, trigger] of triggers.entries()) {
      if (!fits(trigger, event)) continue;
      try {
        const request = { ...requestOf(trigger, event, `${dag} ${i}`), dag };
        runs.push((await startRun(user === undefined ? request : { ...request, user })).run);
      } catch (error) {
        log("warning", `The event ${event.type} could not start ${dag}: ${messageOf(error)}`);
        errors.push(error);
      }
    }
  }
  if (errors.length > 0 && runs.length === 0) throw errors[0];
  return runs;
}

function requestOf(trigger: TriggerSpec, event: OutsideEvent, place: string): Omit<RunRequest, "dag"> {
  const filled = (text: string | undefined) => (text === undefined ? undefined : fill(text, event));
  const given = { dataset: filled(trigger.dataset), resource: filled(trigger.resource) };
  const names = Object.entries(given).filter(([, value]) => typeof value === "string" && value !== "");
  return {
    ...Object.fromEntries(names),
    trigger: "event",
    conf: fillAll(trigger.conf ?? dataOf(event), event),
    note: `By the event ${event.type} of ${event.source}`.slice(0, 1000),
    ...(event.id === undefined ? {} : { idempotencyKey: `event ${event.source} ${event.id} ${place}` }),
  };
}

type Conf = Readonly<Record<string, unknown>>;

/** The event's data if that is an object: a conf as it is. */
function dataOf({ data }: OutsideEvent): Conf {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? { ...data } : {};
}

/** True if an event is what a trigger waits for. */
export function fits(trigger: TriggerSpec, event: OutsideEvent): boolean {
  const { source = "*", subject = "*", match = {} } = trigger;
  return (
    like(trigger.event, event.type) &&
    like(source, event.source) &&
    like(subject, event.subject ?? "") &&
    Object.entries(match).every(([path, wanted]) => isWanted(wanted, valueAt(event.data, path)))
  );
}

/** One of several, or the one: texts by pattern, numbers also as their text. */
function isWanted(wanted: unknown, found: unknown): boolean {
  return [wanted].flat().some((one) => {
    if (typeof one === "string" && (typeof found === "string" || typeof found === "number"))
      return like(one.toLowerCase(), String(found).toLowerCase());
    return one === found;
  });
}

/** `*` stands for any characters. The parts between are looked for one after the other, in linear time. */
function like(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function valueAt(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name]; // it has it
  }
  return found;
}

const place = /\{\{\s*event\.([A-Za-z0-9_.-]+)\s*\}\}/g;
const onlyPlace = /^\{\{\s*event\.([A-Za-z0-9_.-]+)\s*\}\}$/;

/** A text with parts of the event in it; a text that is one part alone becomes that part, of whatever type. */
function fill(text: string, event: OutsideEvent): unknown {
  const [, whole] = onlyPlace.exec(text) ?? [];
  if (whole !== undefined) return partOf(event, whole);
  return text.replace(place, (_, path: string) => String(partOf(event, path)));
}

function partOf(event: OutsideEvent, path: string): unknown {
  const found = valueAt(event, path);
  if (found !== undefined) return found;
  throw new AirCanError(
    "params-error",
    `The event ${event.type} has no "${path}", which the trigger needs.`,
    {
      where: { event: event.type, path },
    },
  );
}

function fillAll(value: Conf, event: OutsideEvent): Conf;
function fillAll(value: unknown, event: OutsideEvent): unknown;
function fillAll(value: unknown, event: OutsideEvent): unknown {
  if (typeof value === "string") return fill(value, event);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, event));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillAll(item, event)]));
}
