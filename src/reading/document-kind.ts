const signatures: readonly (readonly [string, string])[] = [
  ["PAR1", "a Parquet file"],
  ["PK\u0003\u0004", "a zip archive or an Excel or OpenDocument file"],
  ["\u00d0\u00cf\u0011\u00e0", "an old Excel file"],
  ["%PDF", "a PDF document"],
  ["\u0089PNG", "a PNG picture"],
  ["\u00ff\u00d8\u00ff", "a JPEG picture"],
  ["GIF8", "a GIF picture"],
  ["SQLite format 3", "an SQLite database"],
  ["\u007fELF", "a program"],
];

/** An element with another one in it, or with attributes and an end. */
const xmlElement = /^\s*<([a-z_][\w.-]*:)?[a-z_][\w.-]*(\s+[\w.:-]+\s*=\s*("[^"]*"|'[^']*'))*\s*>\s*<[a-z_]/i;

/** A text that is a document of another kind, as a server sends one that wants a log in. */
const documents: readonly (readonly [RegExp, string])[] = [
  [/^\s*(<!--.*?-->\s*)*<(!doctype html|(html|head|body|table|div|meta|style)[\s>])/is, "a web page"],
  [/^\s*<\?xml\s/i, "an XML document"],
  [xmlElement, "an XML document"],
  [/^\s*\[?\s*\{\s*"[^"\n]{0,80}"\s*:\s*["{[\dtfn-]/, "a JSON document, perhaps the message of a server"],
];

/** True for a text that begins as a document of XML without a declaration, which no page does. */
export const isXmlElement = (start: string): boolean =>
  xmlElement.test(start) && documents[0]?.[0].test(start) === false;

/** What a text that holds no table seems to be; undefined for any other. */
export function documentKind(sample: Buffer): string | undefined {
  const start = sample
    .subarray(0, 4096)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  return documents.find(([mark]) => mark.test(start))?.[1];
}

/** What a file that is no text seems to be; undefined for text. */
export function binaryKind(sample: Buffer): string | undefined {
  const signed = signatures.find(([mark]) => sample.subarray(0, mark.length).toString("latin1") === mark);
  if (signed) return signed[1];
  const start = sample.subarray(0, 65536);
  const controls = start.reduce((count, byte) => count + (isControl(byte) ? 1 : 0), 0);
  return controls > Math.max(8, start.length / 50) ? "a binary file" : undefined;
}

/** Bytes that texts do not have: white space, escapes and the four separators of ASCII aside. */
const isControl = (byte: number) => byte < 9 || byte === 14 || byte === 15 || (byte > 15 && byte < 27);
