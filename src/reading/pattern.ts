import { RE2JS } from "re2js";
import { AirCanError, messageOf } from "../base/errors.ts";

/**
 * A test whether a whole text is like a pattern from outside. RE2 takes time in proportion to the text
 * whatever the pattern is, and means the same here as in the engine.
 *
 * @throws AirCanError `field-error` for a pattern that RE2 does not know, such as one that looks ahead.
 */
export function patternTest(pattern: string): (text: string) => boolean {
  const compiled = compile(pattern);
  return (text) => compiled.testExact(text);
}

/** The pattern in the words of RE2, for the engine. @throws AirCanError as `patternTest`. */
export function enginePattern(pattern: string): string {
  return compile(pattern).pattern();
}

/** Why a pattern cannot be used; undefined if it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(inWordsOfRe2(pattern));
  } catch (error) {
    throw new AirCanError(
      "field-error",
      `The pattern ${pattern} cannot be used: ${reasonOf(error, pattern)}.`,
      {
        hint: "Patterns are those of RE2: without looking ahead or behind (?=…), and without references back (\\1).",
        cause: error,
      },
    );
  }
}

function reasonOf(error: unknown, pattern: string): string {
  if (/\(\?<?[=!]/.test(pattern)) return "it looks ahead or behind";
  if (/\\[1-9]/.test(pattern)) return "it refers back to a group";
  return messageOf(error)
    .replace(/^error parsing regexp: /, "")
    .replaceAll("`", "");
}

/** What classes of XML Schema are: digits and letters of all scripts, and what may stand in names of XML. */
const classes: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  w: "\\p{L}\\p{M}\\p{N}_",
  i: "\\p{L}_:",
  c: "\\p{L}\\p{M}\\p{Nd}._:\\-",
};

const token = /\\u([0-9a-fA-F]{4})|\\(.)|[[\]]|-\[/gsu;

/**
 * A pattern of XML Schema, of Python or of JavaScript in the words of RE2: `\d` and `\w` mean the digits and
 * letters of all scripts, `\i` and `\c` are known.
 *
 * @throws Error for a class of which another is taken away, which RE2 would read as something else.
 */
function inWordsOfRe2(pattern: string): string {
  let isInside = false;
  return pattern.replace(token, (found: string, code?: string, escaped?: string) => {
    if (code !== undefined) return `\\x{${code}}`;
    if (escaped !== undefined) return classOf(escaped, isInside) ?? found;
    if (isInside && found === "-[") throw new Error("it takes one class of characters from another");
    if (found.endsWith("[")) isInside = true;
    else isInside = false;
    return found;
  });
}

function classOf(escaped: string, isInside: boolean): string | undefined {
  const known = classes[escaped.toLowerCase()];
  if (known === undefined) return escaped === "Z" ? "\\z" : undefined;
  const isPlain = escaped === escaped.toLowerCase();
  if (isInside) return isPlain ? known : escaped === "D" ? "\\P{Nd}" : undefined;
  return `[${isPlain ? "" : "^"}${known}]`;
}
