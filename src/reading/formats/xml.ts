import { AirCanError } from "../../base/errors.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import type { FormatDefinition, FormatReading } from "./definition.ts";
import { csvLine, spoolRecords } from "./record-spool.ts";
import { findXmlRecords, type XmlPath, xmlPath } from "./xml-find.ts";
import { xmlRecords, xmlText } from "./xml-records.ts";
import { XmlColumns } from "./xml-rows.ts";

/** The elements of a document that repeat: a row each, attributes and elements in it as columns. */
export const xml: FormatDefinition = {
  name: "xml",
  title: "XML",
  summary: "The elements that repeat, a row each; attributes and the elements in them are columns.",
  options: ["path"],
  extensions: ["xml"],
  mediatype: "application/xml",
  matches: (sample) =>
    /^(\ufeff)?\s*<\?xml\s(?!.*<(!doctype )?html)/is.test(sample.toString("utf8", 0, 2048)),
  read: async (opened, reading) => {
    const found = await pathOf(opened, reading);
    const document: Document = { opened, reading, path: found.path ?? [] };
    const columns = new XmlColumns();
    let rows = 0;
    for await (const records of recordsOf(document)) {
      rows += records.length;
      for (const record of records) columns.note(record);
    }
    if (rows === 0 && found.guess === undefined) await refuseOtherPath(document);
    const isEmpty = rows === 0 || columns.names().length === 0;
    const path = await spoolRecords(
      isEmpty ? nothing() : csvLines(document, columns),
      opened,
      reading.context,
    );
    const dialect = {
      ...(found.path ? { property: found.path.join("/") } : {}),
      header: true,
      headerRows: [1],
    };
    const resource = { dialect, ...(found.guess ? { aircan: { guesses: [found.guess] } } : {}) };
    if (!isEmpty) return [{ path, format: "csv", isSpooled: true, resource }];
    const fields = reading.declared.schema?.fields ?? [];
    return [{ path, format: "ndjson", isSpooled: true, known: { fields, areAll: true }, resource }];
  },
};

interface Document {
  readonly opened: OpenedSource;
  readonly reading: FormatReading;
  readonly path: readonly string[];
}

async function pathOf(opened: OpenedSource, reading: FormatReading): Promise<XmlPath> {
  const told = reading.options.path ?? reading.declared.dialect?.property;
  if (typeof told === "string") return { path: xmlPath(told) };
  return findXmlRecords(textOf(opened, reading), opened.source);
}

/** @throws AirCanError `format-error` if nothing stands at the path that was told, and records somewhere else. */
async function refuseOtherPath({ opened, reading, path }: Document): Promise<void> {
  const { source } = opened;
  const others = await findXmlRecords(textOf(opened, reading), source).catch(() => undefined);
  if (path.length === 0 || others?.path === undefined) return;
  throw new AirCanError("format-error", `${source} has no element "${path.join("/")}".`, {
    hint: `Rows seem to stand at "${others.path.join("/")}".`,
    where: { source },
  });
}

function textOf(opened: OpenedSource, { options, declared }: FormatReading): AsyncGenerator<string> {
  const encoding = options.encoding ?? declared.encoding;
  return xmlText(readSource(opened), { source: opened.source, encoding });
}

function recordsOf({ opened, reading, path }: Document) {
  const isRecord = (at: readonly string[]) =>
    at.length === path.length && path.every((name, i) => name === at[i] || name === "*");
  return xmlRecords(textOf(opened, reading), opened.source, isRecord);
}

async function* csvLines(document: Document, columns: XmlColumns): AsyncGenerator<string> {
  yield csvLine(columns.names());
  const cells = columns.reader();
  for await (const records of recordsOf(document))
    yield records.map((record) => csvLine(cells(record))).join("");
}

async function* nothing(): AsyncGenerator<string> {}
