import { isAscii } from "node:buffer";
import { AirCanError } from "../base/errors.ts";
import { encodingName } from "./decode-text.ts";
import type { TextSource } from "./describe-text.ts";
import { type EncodingGuess, guessEncoding, isUtf8 } from "./encoding.ts";
import { linesAllOver, linesBeyondAscii, quicklyRead } from "./lines-all-over.ts";
import type { OpenedSource } from "./open-source.ts";

/**
 * The encoding of a text: told, or found out from its start, and from further on where that is ASCII.
 *
 * @throws AirCanError `encoding-error` for a name that is not known.
 */
export async function encodingOf({ sample, complete, options, opened }: TextSource): Promise<EncodingGuess> {
  const told = options.encoding ?? options.resource?.encoding;
  if (told !== undefined) return toldEncoding(told, sample, opened.source);
  const guess = guessEncoding(sample);
  if (complete || guess.encoding !== "utf-8") return guess;
  const lines = sample.subarray(0, sample.lastIndexOf(10) + 1);
  return guessEncoding(Buffer.concat([lines, await linesFurtherOn(opened, sample)]));
}

/** Lines beyond the sample that may tell its encoding. */
async function linesFurtherOn(opened: OpenedSource, sample: Buffer): Promise<Buffer> {
  const size = opened.compression === null ? opened.bytes : opened.bytes * 10;
  if (isAscii(sample) && size <= quicklyRead) return linesBeyondAscii(opened);
  return opened.compression === null ? linesAllOver(opened) : Buffer.alloc(0);
}

function toldEncoding(told: string, sample: Buffer, source: string): EncodingGuess {
  const encoding = encodingName(told);
  if (encoding === undefined)
    throw new AirCanError("encoding-error", `"${told}" is no encoding that is known, for ${source}.`, {
      hint: "Use a name such as utf-8 or windows-1252.",
    });
  const isWide = /^utf-?(16|32)$/i.test(told);
  const found = isWide ? guessEncoding(sample).encoding : encoding;
  const right = found.startsWith(encoding.slice(0, 6)) ? found : encoding;
  return { encoding: right, confidence: 1, reason: "told", ...doubtOf(right, sample) };
}

/** A word about a legacy encoding that was told for what is UTF-8 in every letter. */
function doubtOf(encoding: string, sample: Buffer): Pick<EncodingGuess, "doubt"> {
  if (encoding.startsWith("utf-") || isAscii(sample) || !isUtf8(sample)) return {};
  return {
    doubt: `read as ${encoding}, as told, but every letter fits utf-8; look whether letters are right`,
  };
}
