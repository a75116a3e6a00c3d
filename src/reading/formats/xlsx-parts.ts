import type { Entry } from "yauzl";
import { AirCanError, messageOf } from "../../base/errors.ts";
import type { ZipArchive } from "../zip-archive.ts";
import { attributeOf, type TagHandler, tagScanner } from "./grid-tags.ts";
import { type NumberKind, numberKind } from "./xlsx-formats.ts";

/** The parts of a workbook's archive, by paths in lower case. */
export interface Parts {
  readonly source: string;
  readonly find: (path: string) => Entry | undefined;
  readonly read: (entry: Entry) => AsyncGenerator<Buffer>;
}

export function partsOf(archive: ZipArchive, source: string): Parts {
  const entries = new Map<string, Entry>();
  for (const [name, entry] of archive.entries)
    entries.set(name.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase(), entry);
  return { source, find: (path) => entries.get(path.toLowerCase()), read: archive.read };
}

/**
 * Scans a part; `each` is called after each piece of it.
 *
 * @throws AirCanError `format-error` if it is no XML that makes sense.
 */
export async function* scanPart(
  chunks: AsyncIterable<Buffer>,
  handler: TagHandler,
  source: string,
): AsyncGenerator<void> {
  const scanner = tagScanner(handler);
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk));
      scanner.write(decoder.decode(chunk, { stream: true }));
      yield;
    }
    scanner.end();
  } catch (error) {
    throw error instanceof AirCanError ? error : damaged(source, messageOf(error));
  }
}

/** UTF-8, as all programs write it, or UTF-16 by its mark. */
function encodingOf(chunk: Buffer): string {
  const [first, second] = chunk;
  return first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
      ? "utf-16be"
      : "utf-8";
}

export const damaged = (source: string, reason: string) =>
  new AirCanError("format-error", `${source} is damaged: ${reason}.`, {
    where: { source },
    hint: "Open it in a spreadsheet program and save it again.",
  });

/** Scans a part to its end; one that is not there has nothing. */
async function scanWhole(parts: Parts, path: string, handler: Partial<TagHandler>): Promise<void> {
  const entry = parts.find(path);
  if (entry === undefined) return;
  const all = { open: () => {}, close: () => {}, text: () => {}, ...handler };
  for await (const _ of scanPart(parts.read(entry), all, parts.source));
}

export interface SheetPart {
  readonly name: string;
  readonly isHidden: boolean;
  readonly path: string;
}

export interface Workbook {
  readonly sheets: readonly SheetPart[];
  readonly is1904: boolean;
  readonly stringsPath: string | undefined;
  readonly stylesPath: string | undefined;
}

const idOf = attributeOf("Id");
const typeOf = attributeOf("Type");
const targetOf = attributeOf("Target");
const nameOf = attributeOf("name");
const stateOf = attributeOf("state");
const referenceOf = attributeOf("id");
const date1904Of = attributeOf("date1904");

/**
 * The sheets of a workbook, in its order, and where its parts are. Sheets of charts and macros are left out.
 *
 * @throws AirCanError `format-error` if there is no workbook.
 */
export async function readWorkbook(parts: Parts): Promise<Workbook> {
  const path =
    (await relationsOf(parts, "")).find(({ type }) => type === "officedocument")?.path ?? "xl/workbook.xml";
  if (parts.find(path) === undefined) throw damaged(parts.source, "there is no workbook in it");
  const relations = await relationsOf(parts, path);
  const sheets: SheetPart[] = [];
  let is1904 = false;
  await scanWhole(parts, path, {
    open(name, attributes) {
      if (name === "workbookPr") is1904 = /^(1|true)$/.test(date1904Of(attributes) ?? "");
      if (name !== "sheet") return;
      const relation = relations.find((one) => one.id === referenceOf(attributes));
      const isHidden = /hidden/i.test(stateOf(attributes) ?? "");
      if (relation?.type === "worksheet")
        sheets.push({ name: nameOf(attributes) ?? "", isHidden, path: relation.path });
    },
  });
  const pathOf = (kind: string) => relations.find(({ type }) => type === kind)?.path;
  return { sheets, is1904, stringsPath: pathOf("sharedstrings"), stylesPath: pathOf("styles") };
}

interface Relation {
  readonly id: string;
  /** The last word of the type's address, in lower case. */
  readonly type: string;
  readonly path: string;
}

/** What a part refers to; the root of the archive is `""`. */
async function relationsOf(parts: Parts, path: string): Promise<readonly Relation[]> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const relations: Relation[] = [];
  await scanWhole(parts, `${folder}_rels/${path.slice(folder.length)}.rels`, {
    open(name, attributes) {
      if (name !== "Relationship") return;
      const target = targetOf(attributes) ?? "";
      relations.push({
        id: idOf(attributes) ?? "",
        type: (typeOf(attributes) ?? "").split("/").at(-1)?.toLowerCase() ?? "",
        path: new URL(target, `zip:///${folder}`).pathname.slice(1),
      });
    },
  });
  return relations;
}

const formatIdOf = attributeOf("numFmtId");
const formatCodeOf = attributeOf("formatCode");

/** The number format of each cell style, by its index. */
export interface NumberStyle {
  readonly kind: NumberKind;
  /** The format's code, or its number if it is one that every workbook has. */
  readonly format: string | number;
}

export async function readStyles(parts: Parts, path: string | undefined): Promise<readonly NumberStyle[]> {
  const codes = new Map<number, string>();
  const styles: NumberStyle[] = [];
  let isCells = false;
  if (path !== undefined)
    await scanWhole(parts, path, {
      open(name, attributes) {
        if (name === "cellXfs") isCells = true;
        if (name !== "numFmt" && !(name === "xf" && isCells)) return;
        const number = Number(formatIdOf(attributes) ?? 0);
        if (name === "numFmt") codes.set(number, formatCodeOf(attributes) ?? "General");
        else
          styles.push({ kind: numberKind(number, codes.get(number)), format: codes.get(number) ?? number });
      },
      close(name) {
        if (name === "cellXfs") isCells = false;
      },
    });
  return styles;
}

/** Bytes that the texts of a workbook may take in memory. */
const maxStrings = 512 * 1024 * 1024;

/**
 * The texts that cells refer to; they have to be in memory, as cells name them in any order.
 *
 * @throws AirCanError `too-large` beyond 512 MB.
 */
export async function readStrings(parts: Parts, path: string | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  let [text, bytes, phonetic, isText] = ["", 0, 0, false];
  if (path !== undefined)
    await scanWhole(parts, path, {
      open(name) {
        if (name === "t") isText = true;
        else if (name === "rPh") phonetic++;
        else if (name === "si") text = "";
      },
      close(name) {
        if (name === "t") isText = false;
        else if (name === "rPh") phonetic--;
        else if (name === "si") {
          bytes += 32 + text.length;
          if (bytes > maxStrings) throw tooLarge(parts.source);
          strings.push(unescaped(text));
        }
      },
      text(part) {
        if (isText && phonetic === 0) text += part;
      },
    });
  return strings;
}

const tooLarge = (source: string) =>
  new AirCanError("too-large", `${source} has more than 512 MB of texts.`, {
    where: { source },
    hint: "Save the sheet as CSV, which can be of any size.",
  });

/** Characters that XML cannot hold are written as `_x000D_` (ECMA-376 part 1, 22.4.2.4). */
export function unescaped(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
