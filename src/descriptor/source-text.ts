import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { messageOf } from "../base/errors.ts";
import { jsonOffset } from "./json-place.ts";
import type { DescriptorProblem, TextPlace } from "./problem.ts";

/** Why a text is no descriptor, and where that shows. */
export interface SyntaxFault {
  readonly message: string;
  readonly place: TextPlace | undefined;
}

interface Written {
  readonly source: string;
  readonly text: string;
}

/** Where an object of a descriptor stands in the text that it was read from. */
interface Origin {
  readonly written: Written;
  readonly keys: readonly string[];
}

const origins = new WeakMap<object, Origin>();

/** True for names of files that hold YAML. */
export const isYaml = (source: string): boolean => /\.ya?ml$/i.test(source.replace(/[?#].*$/, ""));

/** The value that a text holds, as JSON or, by the name of its file, as YAML; its place is remembered for `placeOf`. */
export function parseDescriptor(source: string, text: string): { value: unknown } | SyntaxFault {
  const written = { source, text: text.replace(/^\ufeff/, "") };
  const parsed = isYaml(source) ? parseYaml(written) : parseJson(written);
  if (!("value" in parsed)) return parsed;
  if (isDeeper(parsed.value, deepest))
    return { message: `it is nested more than ${deepest} levels deep`, place: undefined };
  remember(parsed.value, { written, keys: [] });
  return parsed;
}

/** Levels of a descriptor: more are an attack on those who walk through it. */
const deepest = 100;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

/** Rows that stand in a descriptor are not looked into. */
function remember(value: unknown, { written, keys }: Origin): void {
  if (typeof value !== "object" || value === null || origins.has(value)) return;
  origins.set(value, { written, keys });
  for (const [key, part] of Object.entries(value))
    if (key !== "data") remember(part, { written, keys: [...keys, key] });
}

/** Gives a copy of a part of a descriptor, in which some properties may be others, the place of the original. */
export function rememberCopy<Copy extends object>(original: object, copy: Copy): Copy {
  const origin = origins.get(original);
  if (origin) origins.set(copy, origin);
  return copy;
}

function parseYaml(written: Written): { value: unknown } | SyntaxFault {
  const document = parseDocument(written.text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) return { message: error.message, place: placeAt(written, error.pos[0]) };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { message: messageOf(error), place: undefined };
  }
}

function parseJson(written: Written): { value: unknown } | SyntaxFault {
  try {
    return { value: JSON.parse(written.text) };
  } catch (error) {
    const message = messageOf(error);
    const offset = /at position (\d+)/.exec(message)?.[1];
    const atEnd = /Unexpected end/.test(message) ? written.text.length : undefined;
    const at = offset === undefined ? atEnd : Number(offset);
    return {
      message: message
        .replace(/ in JSON at position .*$/, "")
        .replace(/, (?:\.\.\.)?".*is not valid JSON$/s, ""),
      place: at === undefined ? undefined : placeAt(written, at),
    };
  }
}

function placeAt({ source, text }: Written, offset: number): TextPlace {
  const before = text.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  return { source, line: before.split(/\r\n|\n|\r/).length, column: offset - lineStart + 1 };
}

/** Where the part that a JSON pointer leads to was written; undefined for what was read from no file. */
export function placeOf(root: unknown, pointer: string): TextPlace | undefined {
  let origin: Origin | undefined;
  let value = root;
  for (const key of ["", ...keysOf(pointer)]) {
    if (key !== "" || value !== root) value = Object(value)[key];
    const known = typeof value === "object" && value !== null ? origins.get(value) : undefined;
    origin = known ?? (origin && { ...origin, keys: [...origin.keys, key] });
  }
  if (origin === undefined) return undefined;
  const { written, keys } = origin;
  const offset = isYaml(written.source) ? yamlOffset(written.text, keys) : jsonOffset(written.text, keys);
  return placeAt(written, offset);
}

function keysOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Problems of a descriptor with the places of what they are about. `base` is the pointer to the descriptor itself. */
export function withPlaces(
  problems: readonly DescriptorProblem[],
  descriptor: unknown,
  base: string,
): DescriptorProblem[] {
  return problems.map((problem) => {
    if (problem.place !== undefined) return problem;
    const place = placeOf(descriptor, problem.pointer.slice(base.length));
    return place === undefined ? problem : { ...problem, place };
  });
}

function yamlOffset(text: string, keys: readonly string[]): number {
  const document = parseDocument(text);
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0; // a document holds a node or nothing
  for (const key of keys) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
      if (!pair || !isScalar(pair.key)) return offset;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      const range: unknown =
        typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
      if (!Array.isArray(range)) return offset;
      offset = Number(range[0]);
    } else return offset;
  }
  return offset;
}
