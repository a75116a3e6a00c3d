/**
 * Where a part of a JSON text stands, as the offset of its key or, in a list, of its value; of the nearest
 * part that is there, where keys lead to none. The text must be valid JSON. Repeated keys: the last counts.
 */
export function jsonOffset(text: string, keys: readonly string[]): number {
  let value = spaceEnd(text, 0);
  let offset = value;
  for (const key of keys) {
    const found = text[value] === "{" ? memberAt(text, value, key) : itemAt(text, value, key);
    if (found === undefined) return offset;
    ({ offset, value } = found);
  }
  return offset;
}

interface Part {
  /** Of its key, or of itself in a list. */
  readonly offset: number;
  /** Of its value. */
  readonly value: number;
}

function memberAt(text: string, object: number, wanted: string): Part | undefined {
  let found: Part | undefined;
  let at = spaceEnd(text, object + 1);
  while (text[at] === '"') {
    const end = stringEnd(text, at);
    const value = spaceEnd(text, spaceEnd(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === wanted) found = { offset: at, value };
    at = nextPart(text, value);
  }
  return found;
}

function itemAt(text: string, list: number, wanted: string): Part | undefined {
  if (text[list] !== "[" || !/^[0-9]+$/.test(wanted)) return undefined;
  let at = spaceEnd(text, list + 1);
  for (let i = 0; text[at] !== "]"; i++) {
    if (i === Number(wanted)) return { offset: at, value: at };
    at = nextPart(text, at);
  }
  return undefined;
}

/** Start of what follows a value and its comma, or of the closing bracket. */
function nextPart(text: string, value: number): number {
  const after = spaceEnd(text, valueEnd(text, value));
  return text[after] === "," ? spaceEnd(text, after + 1) : after;
}

function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const sign = text[at];
    if (sign === '"') at = stringEnd(text, at);
    else {
      if (sign === "{" || sign === "[") depth++;
      if (sign === "}" || sign === "]") depth--;
      at = /[{}[\],:]/.test(sign ?? "") ? at + 1 : wordEnd(text, at);
    }
    at = depth > 0 ? spaceEnd(text, at) : at;
  } while (depth > 0 && at < text.length);
  return at;
}

const end = (pattern: RegExp) => (text: string, at: number) => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at + 1;
};
const spaceEnd = end(/[ \t\r\n]*/y);
const stringEnd = end(/"(?:[^"\\]|\\.)*"/sy);
const wordEnd = end(/[^{}[\],:" \t\r\n]+/y);
