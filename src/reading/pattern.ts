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
    return RE2JS.compile(pattern);
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
