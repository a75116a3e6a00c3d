import { createRequire } from "node:module";
import type Iconv from "iconv-lite";

const load = createRequire(import.meta.url);
/** Loaded for those who need it: most files are UTF-8. */
const iconv = (): typeof Iconv => load("iconv-lite"); // what it is, its own types say

/** Names that other programs use, and encodings that Node decodes by another name or not as others do. */
const otherNames: Readonly<Record<string, string>> = {
  ascii: "utf-8",
  "us-ascii": "utf-8",
  "ansi-x3.4-1968": "utf-8",
  "utf-8-sig": "utf-8",
  utf8mb4: "utf-8",
  "utf-32": "utf-32le",
  ansi: "windows-1252",
  "mac-roman": "macintosh",
  "latin-1": "windows-1252",
  "shift-jis-2004": "shift_jis",
  cp932: "shift_jis",
  cp936: "gb18030",
  cp949: "euc-kr",
  cp950: "big5",
};

/** The name of an encoding by any of its names: as the Encoding Standard has it, else as iconv; undefined if it is not known. */
export function encodingName(label: string): string | undefined {
  const plain = label
    .trim()
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^utf-?(16|32)-?(?=[lb]e$)/, "utf-$1");
  const known = otherNames[plain] ?? plain;
  const names = [known, known.replaceAll("-", "_"), known.replaceAll("-", "")];
  for (const name of names) {
    try {
      return new TextDecoder(name).encoding;
    } catch {} // the next name
  }
  const other = names.find((name) => iconv().encodingExists(name) && !notText.test(name));
  return other?.replace(/^ibm/, "cp");
}

/** Encodings of iconv-lite that are ways of writing bytes. */
const notText = /^(hex|base64|binary|internal|utf-?7)/;

/** Decodes piece by piece. Bytes that the encoding does not know become U+FFFD; a byte order mark stays. */
export interface Decoder {
  /** The text of the bytes so far; a character cut at the end waits for the next piece. */
  readonly write: (bytes: Uint8Array) => string;
  readonly end: () => string;
}

/** Node decodes these without the letters that Windows and Hong Kong added. */
const poorInNode = new Set(["euc-kr", "big5"]);

/** A decoder of an encoding that `encodingName` gave. */
export function createDecoder(encoding: string): Decoder {
  if (poorInNode.has(encoding)) return iconvDecoder(encoding);
  try {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  } catch {
    return iconvDecoder(encoding);
  }
}

function iconvDecoder(encoding: string): Decoder {
  const decoder = iconv().getDecoder(encoding, { stripBOM: false });
  return { write: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? "" };
}

/** The text of a sample, whose last character may be cut; without byte order mark. */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  return createDecoder(encoding)
    .write(bytes)
    .replace(/^\ufeff/, "");
}
