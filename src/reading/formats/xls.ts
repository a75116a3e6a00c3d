import { once } from "node:events";
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { OpenedSource } from "../open-source.ts";
import { csv } from "./csv.ts";
import type { FormatDefinition, FormatReading, ReadTable } from "./definition.ts";
import { type Grid, readGrids } from "./grid.ts";
import { fillMerged } from "./grid-merged.ts";
import { type GridOptions, gridOptions } from "./grid-options.ts";
import { html, isHtml } from "./html.ts";
import type { XlsRows, XlsSheet, XlsTask } from "./xls-worker.ts";
import { xlsx } from "./xlsx.ts";
import { excelXml } from "./xlsx-xml.ts";

/** Such a workbook is read whole, so what it may take is bounded. */
const maxBytes = 256 * 1024 * 1024;
const maxMemoryMb = 1536;
/** Time for each step: a damaged one may lead the library in circles. */
const maxMs = (bytes: number) => 20_000 + Math.ceil(bytes / 200);

/** Binary workbooks of Excel up to 2003; and what only bears the name, as portals send it: a page, XML, text. */
export const xls: FormatDefinition = {
  name: "xls",
  title: "Excel workbook, before 2007",
  summary:
    "Excel up to 2003; also a page, XML or text that only bears the name. Such a workbook is read whole, in a worker with 1.5 GB of memory, up to 256 MB.",
  options: ["sheet", "range", "headerRows"],
  extensions: ["xls", "xlt"],
  mediatype: "application/vnd.ms-excel",
  matches: (sample) => sample.toString("latin1", 0, 8) === "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1",
  read: (opened, reading) => readerFor(reading.sample)(opened, reading),
};

/** Binary workbooks in the parts of a new one. */
export const xlsb: FormatDefinition = {
  name: "xlsb",
  title: "Excel workbook, binary",
  summary: "Binary parts in a workbook of the new kind; read like XLS.",
  options: ["sheet", "range", "headerRows"],
  extensions: ["xlsb"],
  mediatype: "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
  isBinary: true,
  matches: (sample) =>
    sample.toString("latin1", 0, 4) === "PK\u0003\u0004" && sample.includes("xl/workbook.bin"),
  read: readBinary,
};

/** The reader of what the bytes really are. */
function readerFor(sample: Buffer): FormatDefinition["read"] {
  if (xlsx.matches?.(sample)) return xlsx.read;
  if (excelXml.matches?.(sample)) return excelXml.read;
  if (xls.matches?.(sample) || isOldWorkbook(sample)) return readBinary;
  return isHtml(sample) ? html.read : csv.read;
}

/** Excel 2 to 4 wrote their records without a container: each file begins with BOF ([MS-XLS] 2.4.21). */
const isOldWorkbook = (sample: Buffer) => sample[0] === 0x09 && [0, 2, 4, 8].includes(sample[1] ?? -1);

async function readBinary(opened: OpenedSource, reading: FormatReading): Promise<readonly ReadTable[]> {
  const { path, source } = opened;
  const { size } = await stat(path);
  if (size > maxBytes) throw tooLarge(source);
  const options = gridOptions(reading);
  const { adjustFloatingPointError } = options;
  const book = await openBook({ path, adjustFloatingPointError }, source, {
    signal: reading.context.signal,
    ms: maxMs(size),
  });
  try {
    const grids = book.sheets.map((sheet, index) => gridOf(sheet, (from) => book.rows(index, from), options));
    return await readGrids(grids, opened, { reading, kind: "sheet" });
  } finally {
    await book.close();
  }
}

function gridOf(
  { name, isHidden, areas }: XlsSheet,
  rowsFrom: (from: number) => Promise<XlsRows>,
  { fillMergedCells }: GridOptions,
): Grid {
  const rows = async function* () {
    for (let from: number | undefined = 0; from !== undefined; ) {
      const answer: XlsRows = await rowsFrom(from);
      yield answer.rows;
      from = answer.next;
    }
  };
  return { name, isHidden, rows: () => (fillMergedCells ? fillMerged(rows(), areas) : rows()) };
}

interface Book {
  readonly sheets: readonly XlsSheet[];
  readonly rows: (sheet: number, from: number) => Promise<XlsRows>;
  readonly close: () => Promise<unknown>;
}

interface Limits {
  readonly signal: AbortSignal;
  /** Milliseconds that the worker may take for an answer. */
  readonly ms: number;
}

/** A workbook in a worker, which may take so much memory and time and no more. */
async function openBook(task: XlsTask, source: string, { signal, ms }: Limits): Promise<Book> {
  const worker = new Worker(new URL(`./xls-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
    execArgv: [],
    stdout: true, // what the library prints is not for people
    stderr: true,
  });
  const heard = async () => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    try {
      const [message] = await once(worker, "message", { signal: within });
      return message; // what xls-worker.ts posts
    } catch (error) {
      await worker.terminate();
      throw signal.aborted ? signal.reason : refusal(error, source);
    }
  };
  return {
    sheets: await heard(),
    rows: async (sheet, from) => {
      worker.postMessage({ sheet, from });
      return heard();
    },
    close: () => worker.terminate(),
  };
}

function refusal(error: unknown, source: string): AirCanError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return tooLarge(source);
  if (code === "ABORT_ERR")
    return new AirCanError("timeout", `${source} takes longer to read than a workbook of its size may.`, {
      where: { source },
      hint: "It may be damaged: open it in a spreadsheet program and save it as XLSX or CSV.",
    });
  if (/password|encrypt/i.test(messageOf(error)))
    return new AirCanError("format-error", `${source} is protected by a password.`, {
      where: { source },
      hint: "Save it without a password.",
    });
  return new AirCanError("format-error", `${source} cannot be read as a workbook: ${messageOf(error)}.`, {
    cause: error,
    where: { source },
    hint: "Open it in a spreadsheet program and save it as XLSX or CSV.",
  });
}

const tooLarge = (source: string) =>
  new AirCanError("too-large", `${source} is a larger workbook than can be read in this form.`, {
    where: { source },
    hint: "Save it as XLSX or CSV: those are read as a stream.",
  });
