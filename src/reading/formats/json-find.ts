import { AirCanError } from "../../base/errors.ts";
import type { Guess } from "../../descriptor/types.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import type { JsonKind } from "./json-parts.ts";
import { JsonScanner } from "./json-scanner.ts";

/** Where the rows of a JSON document stand. */
export interface JsonRows {
  /** Keys, and numbers from 0 of items of lists. */
  readonly path: readonly string[];
  /** Items of a list, members of an object with their keys, the one object itself, or documents one after another. */
  readonly as: "items" | "members" | "one" | "documents";
  readonly guess?: Guess;
}

/** What holds other values. */
interface Holder {
  readonly path: readonly string[];
  readonly kind: "{" | "[";
  count: number;
  /** What its first item or member is. */
  first: JsonKind | null;
  /** Members that are objects. */
  objects: number;
}

const maxDepth = 4;
const maxHolders = 5000;
/** Keys under which programs put their rows. */
const usualKeys = ["records", "rows", "data", "items", "results", "result", "features", "value", "values"];

/** The keys of a path such as `result.records`, `$.result.records`, `/result/records`. */
export function jsonPath(text: string): string[] {
  const plain = text.replace(/^\$\.?/, "").replace(/\[(\d+)\]/g, ".$1");
  const keys = plain.includes("/") ? plain.replace(/^\//, "").split("/") : plain.split(".");
  return keys.filter((key) => key !== "").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * Finds the rows of a JSON document: at the path that is told, else the list that looks most like rows.
 *
 * @throws AirCanError `format-error` if there are none, or the document is broken.
 */
export async function findJsonRows(
  opened: OpenedSource,
  told: readonly string[] | undefined,
): Promise<JsonRows> {
  const { documents, holders } = await holdersOf(opened, told);
  const lists = holders.filter(({ kind, first }) => kind === "[" && first !== "value" && first !== null);
  if (told !== undefined) return toldRows(holders, { told, lists, source: opened.source });
  if (documents !== 1) return { path: [], as: "documents" };
  const found = bestOf(lists) ?? holders.find(({ kind, path }) => kind === "[" && path.length === 0);
  if (found) return { path: found.path, as: "items", ...guessOf(found, lists) };
  const keyed = holders.filter(({ kind, count, objects }) => kind === "{" && count > 1 && objects === count);
  const best = keyed.sort((a, b) => a.path.length - b.path.length || b.count - a.count)[0];
  if (best) return { path: best.path, as: "members" };
  const others = holders.filter(({ kind }) => kind === "[");
  const last = others.find(({ count }) => count > 0) ?? bestOf(others);
  if (last) return { path: last.path, as: "items", ...guessOf(last, []) };
  throw new AirCanError("format-error", `${opened.source} holds one JSON object, and no list of rows.`, {
    hint: "Make it a list of objects, or write one object in each line.",
    where: { source: opened.source },
  });
}

interface Told {
  readonly told: readonly string[];
  readonly lists: readonly Holder[];
  readonly source: string;
}

function toldRows(holders: readonly Holder[], { told, lists, source }: Told): JsonRows {
  const key = JSON.stringify(told);
  const found = holders.find(({ path }) => JSON.stringify(path) === key);
  if (found)
    return {
      path: told,
      as: found.kind === "[" ? "items" : found.count > 0 && found.objects === found.count ? "members" : "one",
    };
  const others = lists.map(({ path }) => `"${path.join(".")}"`).slice(0, 10);
  throw new AirCanError("format-error", `${source} has no list or object at "${told.join(".")}".`, {
    hint:
      others.length > 0
        ? `Give one of ${others.join(", ")}.`
        : "Give the path of a list, such as result.records.",
    where: { source },
  });
}

async function holdersOf(opened: OpenedSource, told: readonly string[] = []) {
  const holders = new Map<string, Holder>();
  const note = (path: readonly string[], kind: "{" | "["): Holder => {
    const holder: Holder = { path, kind, count: 0, first: null, objects: 0 };
    if (holders.size < maxHolders || path.length <= 1) holders.set(JSON.stringify(path), holder);
    return holder;
  };
  let documents = 0;
  const scanner = new JsonScanner(readSource(opened), opened.source);
  const all = scanner.items({
    choose: (path, kind) => {
      if (path.length === 0) documents++;
      const parent = path.length === 0 ? undefined : holders.get(JSON.stringify(path.slice(0, -1)));
      if (parent) {
        parent.count++;
        parent.first ??= kind;
        if (kind === "{") parent.objects++;
      }
      if (kind === "value" || documents > 1) return "skip";
      const leads = path.length < told.length && path.every((key, i) => key === told[i]);
      if (kind === "[" && !leads) return "count";
      note(path, kind);
      return leads || path.length < Math.max(maxDepth, told.length + 1) ? "enter" : "skip";
    },
    onCount: (path, count, first) => Object.assign(note(path, "["), { count, first }),
  });
  for await (const _ of all);
  return { documents, holders: [...holders.values()] };
}

/** Usual names before others, then the longest. */
function bestOf(lists: readonly Holder[]): Holder | undefined {
  const rank = ({ path }: Holder) => (path.length === 0 || usualKeys.includes(path.at(-1) ?? "") ? 0 : 1);
  return [...lists].sort((a, b) => rank(a) - rank(b) || b.count - a.count)[0];
}

function guessOf({ path }: Holder, lists: readonly Holder[]): { guess?: Guess } {
  if (path.length === 0) return {};
  const value = path.join(".");
  const others = lists.map((list) => list.path.join(".")).filter((other) => other !== value);
  const reason =
    others.length === 0
      ? "the only list in the document"
      : `the list that looks most like rows; others are ${others.slice(0, 5).join(", ")}`;
  return {
    guess: { property: "dialect.property", value, confidence: others.length === 0 ? 1 : 0.8, reason },
  };
}
