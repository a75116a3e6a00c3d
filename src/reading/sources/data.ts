import { Readable } from "node:stream";
import { AirCanError } from "../../base/errors.ts";
import type { SourceDefinition } from "./definition.ts";

/** Extensions for media types, by which formats are known. */
const extensions: Readonly<Record<string, string>> = {
  "text/csv": "csv",
  "text/tab-separated-values": "tsv",
  "application/json": "json",
  "application/x-ndjson": "ndjson",
  "application/geo+json": "geojson",
  "application/xml": "xml",
  "text/xml": "xml",
  "text/html": "html",
};

/** A file that stands in its address (RFC 2397), such as `data:text/csv,a,b%0A1,2`. */
export const data: SourceDefinition = {
  schemes: ["data"],
  title: "the file itself, in its address",
  open: async (source) => {
    const [, mediatype = "", parameters = "", content = ""] =
      /^data:([^;,]*)((?:;[^;,]*)*),(.*)$/is.exec(source) ?? [];
    const bytes = /;base64$/i.test(parameters) ? fromBase64(content) : fromPercents(content);
    return {
      body: Readable.from([bytes]),
      fileName: `data.${extensions[mediatype.toLowerCase()] ?? "txt"}`,
      bytes: bytes.length,
      facts: mediatype === "" ? {} : { contentType: mediatype },
    };
  },
};

function fromBase64(content: string): Buffer {
  const text = fromPercents(content).toString("latin1").replace(/\s/g, "");
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return Buffer.from(text, "base64");
  throw new AirCanError("scheme-error", "The data: address is not valid base64.");
}

/** Bytes, of which some are written as `%XX`; they need not be UTF-8. */
function fromPercents(content: string): Buffer {
  const latin = Buffer.from(content).toString("latin1");
  return Buffer.from(
    latin.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}
