/** What a value begins with: an object, a list, anything else. */
export type JsonKind = "{" | "[" | "value";

/** White space of JSON. */
export const space = [0x20, 0x09, 0x0a, 0x0d];
const quote = 0x22;
const backslash = 0x5c;

/** What a value begins with. */
export function kindOf(byte: number): JsonKind {
  return byte === 0x7b ? "{" : byte === 0x5b ? "[" : "value";
}

/** How far the end of a value was looked for. */
export interface Capture {
  at: number;
  depth: number;
  /** Where the string begins that it is in; -1 outside. */
  string: number;
}

/** Looks for the end of a value; true when it is found, with `at` behind it. */
export function captureMore(data: Buffer, state: Capture): boolean {
  let { at, depth, string } = state;
  const stop = (isEnd: boolean): boolean => {
    Object.assign(state, { at, depth, string });
    return isEnd;
  };
  for (; at < data.length; at++) {
    const byte = data[at] ?? 0;
    if (string >= 0 || byte === 0x22) {
      if (string < 0) string = at;
      const end = stringEnd(data, string, at);
      at = end < 0 ? data.length : end;
      if (end < 0) return stop(false);
      string = -1;
      if (depth > 0) continue;
      at++;
      return stop(true);
    }
    if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth > 1) depth--;
      else {
        at += depth;
        depth = 0;
        return stop(true);
      }
    } else if (depth === 0 && (byte === 0x2c || space.includes(byte))) return stop(true);
  }
  return stop(false);
}

/** The quote that ends a string: one with an even number of backslashes before it. */
function stringEnd(data: Buffer, start: number, from: number): number {
  for (
    let end = data.indexOf(quote, Math.max(from, start + 1));
    end >= 0;
    end = data.indexOf(quote, end + 1)
  ) {
    let slashes = 0;
    while (data[end - 1 - slashes] === backslash && end - 1 - slashes > start) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

/** What the second item of a list begins with, as far as it stands in the start of a document. */
export function secondItem(start: Buffer): JsonKind | undefined {
  const items = start.indexOf(0x5b) + 1;
  const first = items + start.subarray(items).findIndex((byte) => !space.includes(byte));
  const rest = start.subarray(partAt(start, first)).toString().trimStart();
  return /^,\s*\S/.test(rest) ? kindOf(rest.slice(1).trimStart().charCodeAt(0)) : undefined;
}

/** The items of a list, or the members of an object, of valid JSON, each as it is written. */
export function jsonParts(text: string): { readonly key: string | null; readonly text: string }[] {
  const data = Buffer.from(text);
  const parts: { key: string | null; text: string }[] = [];
  const isObject = data[0] === 0x7b;
  for (let at = 1; at < data.length - 1; ) {
    if (space.includes(data[at] ?? 0) || data[at] === 0x2c) {
      at++;
      continue;
    }
    const first = partAt(data, at);
    if (!isObject) {
      parts.push({ key: null, text: data.toString("utf8", at, first) });
      at = first;
      continue;
    }
    const value = data.indexOf(0x3a, first) + 1;
    const start = value + data.subarray(value).findIndex((byte) => !space.includes(byte));
    const end = partAt(data, start);
    parts.push({
      key: String(JSON.parse(data.toString("utf8", at, first))),
      text: data.toString("utf8", start, end),
    });
    at = end;
  }
  return parts;
}

function partAt(data: Buffer, at: number): number {
  const state: Capture = { at, depth: 0, string: -1 };
  captureMore(data, state);
  return state.at;
}
