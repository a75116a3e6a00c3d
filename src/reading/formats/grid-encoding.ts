import { AirCanError } from "../../base/errors.ts";
import { encodingName } from "../decode-text.ts";
import { guessEncoding } from "../encoding.ts";
import type { FormatReading } from "./definition.ts";

/**
 * The encoding of a text that is told, else `said` by the text itself, else guessed.
 *
 * @throws AirCanError `encoding-error` if the one that is told is not known.
 */
export function encodingOf({ options, declared, sample }: FormatReading, said?: string): string {
  const told = options.encoding ?? declared.encoding;
  const known = encodingName(told ?? said ?? "");
  if (known !== undefined) return known;
  if (told === undefined) return guessEncoding(sample).encoding;
  throw new AirCanError("encoding-error", `"${told}" is no encoding that is known.`, {
    hint: "Use a name such as utf-8 or windows-1252.",
  });
}
