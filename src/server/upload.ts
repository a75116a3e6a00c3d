import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import type { Context } from "hono";
import { AirCanError, messageOf } from "../base/errors.ts";
import { parseSize } from "../factory/units.ts";
import type { Storage, StoredFile } from "../storage/storage.ts";
import type { ServerEnv } from "./parts.ts";

/** A file that came in, and the fields that came with it; a field given more than once is a list. */
export interface Upload {
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly file: StoredFile;
  /** The file's own name. */
  readonly name: string;
  /** Takes the file away again. */
  readonly remove: () => Promise<void>;
}

export interface UploadPlace {
  readonly storage: Storage;
  /** Address below which the file gets a folder of its own. */
  readonly folder: string;
  readonly maxBytes: number;
}

const fieldLimits = { fields: 100, fieldSize: parseSize("5MB"), fieldNameSize: 200, headerPairs: 100 };

/**
 * Streams the file of a multipart form into the storage. If the form is cut off, has no file or more than one,
 * or the file is too large, nothing stays behind.
 *
 * @throws AirCanError `usage-error`, `too-large`, `interrupted`, `storage-error`.
 */
export async function receiveUpload(c: Context<ServerEnv>, place: UploadPlace): Promise<Upload> {
  const folder = `${place.folder}/upload-${randomBytes(4).toString("hex")}`;
  const remove = () => place.storage.remove(folder);
  const form = readForm(c.req.header("content-type") ?? "", { ...place, folder });
  try {
    const { body } = c.req.raw;
    if (body === null) throw new AirCanError("usage-error", "The form is empty.");
    // the web's and Node's types of one stream differ in name only
    await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), form.parser);
    const file = await form.file();
    return { ...file, fields: form.fields, remove };
  } catch (error) {
    await form.abandon(error);
    await remove();
    throw uploadError(error);
  }
}

interface Form {
  readonly parser: BusboyInstance;
  readonly fields: Record<string, string | readonly string[]>;
  readonly file: () => Promise<Pick<Upload, "file" | "name">>;
  /** Ends the writing of a file whose rest does not come. */
  readonly abandon: (error: unknown) => Promise<void>;
}

interface Arriving {
  readonly name: string;
  readonly stream: BusboyFileStream;
  readonly stored: Promise<StoredFile>;
}

function readForm(contentType: string, { storage, folder, maxBytes }: UploadPlace): Form {
  const parser = openParser(contentType, maxBytes);
  const fields: Record<string, string | readonly string[]> = Object.create(null);
  let arriving: Arriving | undefined;
  const addField = (name: string, value: string, isCut: boolean) => {
    if (isCut) parser.destroy(new AirCanError("too-large", `The field "${name}" is too long.`));
    const before = fields[name];
    fields[name] = before === undefined ? value : [...[before].flat(), value];
  };
  parser.on("field", (name, value, _cutName, cut) => addField(name, value, cut));
  parser.on("file", (field, stream, given) => {
    // destroyed with the parser; an error that nobody hears would end the server
    stream.on("error", () => {});
    if (documents.has(field)) {
      readText(stream, (value, isCut) => addField(field, value, isCut));
      return;
    }
    if (arriving) {
      stream.resume();
      parser.destroy(new AirCanError("usage-error", "The form has more than one file."));
      return;
    }
    const name = safeName(given);
    stream.once("limit", () => parser.destroy(tooLarge(maxBytes)));
    const stored = storage.write(`${folder}/${name}`, stream);
    stored.catch((error: unknown) => parser.destroy(error instanceof Error ? error : undefined));
    arriving = { name, stream, stored };
  });
  return {
    parser,
    fields,
    file: async () => {
      if (arriving === undefined || arriving.name === "")
        throw new AirCanError("usage-error", "The form has no file.", {
          hint: 'Send it in the part "file".',
        });
      return { name: arriving.name, file: await arriving.stored };
    },
    abandon: async (error) => {
      arriving?.stream.destroy(error instanceof Error ? error : new Error(String(error)));
      await arriving?.stored.catch(() => {});
    },
  };
}

/** Fields that may come as files of their own, as `curl -F schema=@schema.json` sends them. */
const documents: ReadonlySet<string> = new Set(["schema", "checks", "dialect"]);

/** Reads a short file; of a longer one the start. */
function readText(stream: BusboyFileStream, take: (text: string, isCut: boolean) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= fieldLimits.fieldSize) chunks.push(chunk);
  });
  stream.on("end", () => take(Buffer.concat(chunks).toString("utf8"), size > fieldLimits.fieldSize));
}

function openParser(contentType: string, maxBytes: number): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { ...fieldLimits, fileSize: maxBytes },
    });
  } catch (error) {
    throw new AirCanError("usage-error", `The form cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** The last part of a name that a stranger gave, fit for an address. */
function safeName(given: string | undefined): string {
  const last = (given ?? "").split(/[/\\]/).at(-1) ?? "";
  const name = last
    .replace(/\p{Cc}/gu, "")
    .replace(/^\.+/, "")
    .slice(-150)
    .trim();
  return name === "" ? "upload" : name;
}

/** @throws nothing: gives the error. */
export function tooLarge(maxBytes: number): AirCanError {
  return new AirCanError("too-large", `The upload is larger than the limit of ${maxBytes} bytes.`, {
    hint: "Send less (compressed with gzip, say), or raise the limit with `--max-upload`.",
    where: { limit: maxBytes },
  });
}

function uploadError(error: unknown): AirCanError {
  if (error instanceof AirCanError) return error;
  // all came, but the form in it is broken
  if (/multipart/i.test(messageOf(error)))
    return new AirCanError("usage-error", `The form cannot be read: ${messageOf(error)}.`, { cause: error });
  return new AirCanError("interrupted", `The upload was cut off: ${messageOf(error)}.`, {
    cause: error,
    hint: "Send it again; nothing of it was kept.",
  });
}
