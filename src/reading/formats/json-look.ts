import { AirCanError } from "../../base/errors.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import { transcode } from "../transcode.ts";
import type { FormatReading } from "./definition.ts";
import { encodingOf } from "./grid-encoding.ts";
import { LongDecimals } from "./json-digits.ts";

/** Deeper nesting is no data, and more than the engine's stack holds. */
const maxDepth = 500;
const quote = 0x22;
const backslash = 0x5c;

/** What a JSON file must be asked before it is read. */
export interface JsonLook {
  /** The file, or a copy of it in UTF-8. */
  readonly opened: OpenedSource;
  /** True if a decimal number with more digits than a double keeps stands in it. */
  readonly hasLongDecimals: boolean;
}

/**
 * Looks through a JSON file once. What has another encoding, which is told or shown by a byte order mark, is
 * copied before.
 *
 * @throws AirCanError `format-error` if values are nested so deep that they could only be meant to do harm.
 */
export async function lookAtJson(found: OpenedSource, reading: FormatReading): Promise<JsonLook> {
  const encoding = encodingOf(reading, wideEncoding(reading.sample) ?? "utf-8");
  const opened =
    encoding === "utf-8" ? found : { ...found, ...(await transcode(found, encoding, reading.context)) };
  const digits = new LongDecimals();
  const nesting: Nesting = { depth: 0, isText: false, isEscaped: false };
  for await (const chunk of readSource(opened)) {
    if (isTooDeep(chunk, nesting)) throw tooDeep(opened.source);
    digits.look(chunk);
  }
  return { opened, hasLongDecimals: digits.found };
}

/** JSON of UTF-16 begins with a mark, or has a NUL beside its first bracket. */
function wideEncoding(sample: Buffer): string | undefined {
  const [first, second] = sample;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? "utf-16be" : undefined;
}

interface Nesting {
  depth: number;
  isText: boolean;
  isEscaped: boolean;
}

/** Counts brackets outside of texts. Of broken JSON it counts something. */
function isTooDeep(chunk: Buffer, state: Nesting): boolean {
  let { depth, isText } = state;
  let at = state.isEscaped ? 1 : 0;
  for (; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0;
    if (isText) {
      if (byte === backslash) at++;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else {
      const bracket = byte | 0x20; // `[` is then `{`, and `]` is `}`
      if (bracket === 0x7b) {
        if (++depth > maxDepth) return true;
      } else if (bracket === 0x7d) depth--;
    }
  }
  Object.assign(state, { depth, isText, isEscaped: at > chunk.length });
  return false;
}

const tooDeep = (source: string) =>
  new AirCanError(
    "format-error",
    `${source} cannot be read as JSON: lists and objects are nested more than ${maxDepth} deep.`,
    { hint: "Write the data flatter, or as text.", where: { source } },
  );
