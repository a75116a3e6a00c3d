import { AirCanError } from "../../base/errors.ts";
import type { Guess } from "../../descriptor/types.ts";
import { xmlRecords } from "./xml-records.ts";

/** Elements with the same names from the root. */
interface Kind {
  readonly path: readonly string[];
  count: number;
  /** The most that stood in one parent. */
  most: number;
  /** True if one had elements in it, or attributes. */
  isComplex: boolean;
}

/** Elements that could be records, or lie around them, are looked at so deep. */
const maxDepth = 12;
const maxKinds = 10_000;

/** The path of the records: names from the root on; undefined if the root is empty. */
export interface XmlPath {
  readonly path: readonly string[] | undefined;
  readonly guess?: Guess;
}

/** The names of a path such as `catalog/book`, `/catalog/book`, `catalog.book`. */
export function xmlPath(text: string): string[] {
  return text.split(text.includes("/") ? "/" : ".").filter((name) => name !== "");
}

/**
 * Finds the element of an XML document that repeats as records do: the one that stands most often beside
 * others of its name, or if it lies in another that repeats, that one.
 *
 * @throws AirCanError `format-error` if nothing repeats.
 */
export async function findXmlRecords(text: AsyncIterable<string>, source: string): Promise<XmlPath> {
  const kinds = await kindsOf(text, source);
  const repeated = kinds.filter(({ most, path }) => most > 1 && path.length > 1);
  const complex = repeated.filter(({ isComplex }) => isComplex);
  const [first] = [...(complex.length > 0 ? complex : repeated)].sort((a, b) => b.count - a.count);
  const found = first === undefined ? lone(kinds) : (complex.find((kind) => isAround(kind, first)) ?? first);
  if (found === undefined) {
    if (kinds.length <= 1) return { path: undefined };
    throw new AirCanError("format-error", `${source} has no element that repeats, as rows would.`, {
      hint: "Name the element of the rows with `--path`, such as catalog/book.",
      where: { source },
    });
  }
  const value = found.path.join("/");
  const others = repeated.map(({ path }) => path.join("/")).filter((other) => !other.startsWith(value));
  const reason =
    others.length === 0
      ? "the element that repeats"
      : `the element that repeats most; others are ${others.slice(0, 5).join(", ")}`;
  return {
    path: found.path,
    guess: { property: "dialect.property", value, confidence: others.length === 0 ? 0.9 : 0.7, reason },
  };
}

/** True for an element that another one lies in, at any depth. */
const isAround = ({ path }: Kind, { path: inner }: Kind) =>
  path.length < inner.length && path.every((name, i) => name === inner[i]);

/** The one record of a document in which nothing repeats: the first element in the root with elements in it. */
function lone(kinds: readonly Kind[]): Kind | undefined {
  return kinds.find(({ path, isComplex }) => path.length === 2 && isComplex);
}

interface OpenElement {
  readonly kind: Kind;
  readonly children: Map<string, number>;
}

async function kindsOf(text: AsyncIterable<string>, source: string): Promise<readonly Kind[]> {
  const kinds = new Map<string, Kind>();
  const open: OpenElement[] = [];
  const onElement = (path: readonly string[], hasAttributes: boolean) => {
    if (path.length > maxDepth || kinds.size >= maxKinds) return false;
    open.length = path.length - 1;
    const [name = ""] = path.slice(-1);
    const parent = open.at(-1);
    const beside = (parent?.children.get(name) ?? 0) + 1;
    parent?.children.set(name, beside);
    if (parent) parent.kind.isComplex = true;
    const key = path.join("/");
    const kind = kinds.get(key) ?? { path: [...path], count: 0, most: 0, isComplex: false };
    kinds.set(key, kind);
    kind.count++;
    kind.most = Math.max(kind.most, beside);
    kind.isComplex ||= hasAttributes;
    open.push({ kind, children: new Map() });
    return false;
  };
  for await (const _ of xmlRecords(text, source, onElement));
  return [...kinds.values()];
}
