import { open } from "node:fs/promises";
import { zstdDecompressSync } from "node:zlib";
import type { Table } from "@uwdata/flechette";
import { AirCanError, messageOf } from "../../base/errors.ts";
import { columnNames } from "../labels.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import { decompressLz4 } from "./arrow-lz4.ts";
import { type ArrowMessage, arrowMessages } from "./arrow-messages.ts";
import { type ArrowColumn, arrowColumn } from "./arrow-values.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { spoolRecords } from "./record-spool.ts";

/** Arrow IPC, as stream and as file, which Feather of version 2 is too; read batch by batch. */
export const arrow: FormatDefinition = {
  name: "arrow",
  title: "Arrow",
  summary: "Arrow IPC as stream or file, and Feather, with its types; read batch by batch.",
  options: [],
  extensions: ["arrow", "feather", "arrows", "ipc"],
  mediatype: "application/vnd.apache.arrow.file",
  isBinary: true,
  matches: (sample) => isFile(sample) || sample.toString("latin1", 0, 4) === "FEA1" || isStream(sample),
  read: async (opened, reading) => [await readArrow(opened, reading)],
};

const isFile = (sample: Buffer) => sample.toString("latin1", 0, 6) === "ARROW1";

/** A stream begins with -1 and the length of its first message, the schema. */
function isStream(sample: Buffer): boolean {
  if (sample.length < 16 || sample.readInt32LE(0) !== -1) return false;
  const length = sample.readInt32LE(4);
  return length > 0 && length % 8 === 0 && length < 1 << 24;
}

async function readArrow(opened: OpenedSource, { sample, context }: FormatReading): Promise<ReadTable> {
  if (sample.toString("latin1", 0, 4) === "FEA1")
    throw new AirCanError("format-error", `${opened.source} is Feather of version 1, which is not read.`, {
      hint: "Write it again as version 2, with any program of the last years.",
      where: { source: opened.source },
    });
  const columns: ArrowColumn[] = [];
  const path = await spoolRecords(lines(opened, { isFile: isFile(sample), columns }), opened, context);
  const fields = columns.map(({ field }) => field);
  return { path, format: "ndjson", isSpooled: true, known: { fields, areAll: true } };
}

interface Reading {
  readonly isFile: boolean;
  /** Filled when the schema is read. */
  readonly columns: ArrowColumn[];
}

async function* lines(opened: OpenedSource, { isFile, columns }: Reading): AsyncGenerator<string> {
  const decode = await decoder();
  let schema: Uint8Array | undefined;
  let dictionaries: readonly ArrowMessage[] = [];
  let rows = 0;
  try {
    if (isFile && !(await endsWell(opened.path))) throw new Error("it is cut off");
    for await (const message of arrowMessages(readSource(opened))) {
      if (message.kind === "schema" && schema === undefined) {
        schema = message.bytes;
        columns.push(...columnsOf(decode([schema])));
      } else if (message.kind === "dictionary") dictionaries = withDictionary(dictionaries, message);
      else if (message.kind === "batch") {
        if (schema === undefined) throw new Error("rows stand before the schema");
        const table = decode([schema, ...dictionaries.map(({ bytes }) => bytes), message.bytes]);
        rows += table.numRows;
        yield* tableLines(table, columns);
      }
    }
    if (schema === undefined) throw new Error("it has no schema");
  } catch (error) {
    throw arrowError(error, opened.source, rows);
  }
}

/** True if a file ends as it began. */
async function endsWell(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const end = Buffer.alloc(6);
    const { size } = await file.stat();
    await file.read(end, 0, end.length, Math.max(0, size - end.length));
    return isFile(end);
  } finally {
    await file.close();
  }
}

/** A dictionary takes the place of the one before, with what was added to it; or adds to it. */
function withDictionary(known: readonly ArrowMessage[], message: ArrowMessage): readonly ArrowMessage[] {
  const { id, isDelta } = message.dictionary ?? { id: 0n, isDelta: false };
  return [...known.filter(({ dictionary }) => isDelta || dictionary?.id !== id), message];
}

async function decoder(): Promise<(messages: Uint8Array[]) => Table> {
  const { CompressionType, setCompressionCodec, tableFromIPC } = await import("@uwdata/flechette");
  const encode = () => {
    throw new Error("nothing is written");
  };
  setCompressionCodec(CompressionType.LZ4_FRAME, { encode, decode: decompressLz4 });
  setCompressionCodec(CompressionType.ZSTD, {
    encode,
    decode: (bytes, length) => new Uint8Array(zstdDecompressSync(bytes, { maxOutputLength: length })),
  });
  const options = { useBigInt: true, useBigIntTimestamp: true, useDecimalInt: true };
  return (messages) => tableFromIPC(messages, options);
}

function columnsOf({ schema }: Table): ArrowColumn[] {
  const names = columnNames(
    schema.fields.map(({ name }) => name),
    schema.fields.length,
  );
  return schema.fields.map(({ type }, i) => arrowColumn(names[i] ?? "", type));
}

const batchRows = 1000;

function* tableLines(table: Table, columns: readonly ArrowColumn[]): Generator<string> {
  const keys = columns.map(({ field }) => JSON.stringify(field.name));
  const values = columns.map((_, i) => table.getChildAt(i));
  for (let start = 0; start < table.numRows; start += batchRows) {
    let text = "";
    for (let row = start; row < Math.min(start + batchRows, table.numRows); row++) {
      const cells = columns.map(({ json }, i) => {
        const value = values[i]?.at(row);
        return `${keys[i]}:${value === null || value === undefined ? "null" : json(value)}`;
      });
      text += `{${cells.join(",")}}\n`;
    }
    yield text;
  }
}

function arrowError(error: unknown, source: string, rows: number): unknown {
  if (error instanceof AirCanError) return error;
  const message = `${source} cannot be read as Arrow: ${messageOf(error)}, after row ${rows}.`;
  return new AirCanError("format-error", message, {
    hint: "Fetch the file again, or have it written again.",
    cause: error,
    where: { source, row: rows },
  });
}
