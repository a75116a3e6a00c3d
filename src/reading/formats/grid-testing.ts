import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { type DescribeOptions, describeFile } from "../describe.ts";

/** A table of a file as tests compare it: the copy that the engine reads, and what is said of it. */
export interface SpooledTable {
  readonly name: string;
  /** Records of the copy. */
  readonly lines: readonly string[];
  readonly fields: readonly string[];
  readonly notes: readonly string[];
  readonly dialect: Readonly<Record<string, unknown>>;
}

/** Describes a file of these bytes, and reads the copies that were made of it. */
export async function spooledTables(
  fileName: string,
  content: string | Uint8Array,
  options: DescribeOptions = {},
): Promise<readonly SpooledTable[]> {
  const folder = await mkdtemp(join(tmpdir(), "aircan-grid-"));
  try {
    await writeFile(join(folder, fileName), content);
    const tables = await describeFile(fileName, options, {
      folder,
      trusted: false,
      allowPrivate: false,
      allowLocal: true,
      temporaryFolder: folder,
      signal: new AbortController().signal,
    });
    return await Promise.all(
      tables.map(async ({ path, resource }) => ({
        name: resource.name,
        lines: (await readFile(path, "utf8")).replace(/\n$/, "").split("\n"),
        fields: (resource.schema?.fields ?? []).map(({ name, type }) => `${name} ${type}`),
        notes: (resource.aircan?.notes ?? []).map(({ text }) => text),
        dialect: resource.dialect ?? {},
      })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The only table of a file. */
export async function spooledTable(
  fileName: string,
  content: string | Uint8Array,
  options: DescribeOptions = {},
): Promise<SpooledTable> {
  const [table, ...more] = await spooledTables(fileName, content, options);
  if (table === undefined || more.length > 0) throw new Error(`${fileName} gives ${more.length + 1} tables`);
  return table;
}

/** What is in a zip archive; `packed` is a file that is compressed already. */
/** `packed`: what stands in the archive; of nothing, unless `data` is told. */
type ZipContent =
  | string
  | Uint8Array
  | { readonly packed: Buffer; readonly data?: string; readonly method?: number };

/** A zip archive of these files. */
export function zipOf(files: Readonly<Record<string, ZipContent>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const isPacked = typeof content === "object" && "packed" in content;
    const data = isPacked ? Buffer.from(content.data ?? "") : Buffer.from(content);
    const packed = isPacked ? content.packed : deflateRawSync(data);
    const method = isPacked ? (content.method ?? 8) : 8;
    const path = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(path.length, 22);
    bodies.push(Buffer.from("PK\u0003\u0004", "latin1"), facts, path, packed);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), facts, end, path);
    offset += 30 + path.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const last = Buffer.alloc(22);
  last.write("PK\u0005\u0006", "latin1");
  last.writeUInt16LE(Object.keys(files).length, 8);
  last.writeUInt16LE(Object.keys(files).length, 10);
  last.writeUInt32LE(size, 12);
  last.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, last]);
}

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** What stands in a workbook written by hand. */
export interface HandMade {
  /** Names of sheets, and the XML within their `worksheet`; `!` before a name: the sheet is hidden. */
  readonly sheets: readonly (readonly [string, string])[];
  /** The XML within `styleSheet`. */
  readonly styles?: string;
  /** The XML within `sst`. */
  readonly strings?: string;
  readonly date1904?: boolean;
}

/** The bytes of a workbook whose parts are written by hand. */
export function workbookOf({ sheets, styles, strings, date1904 = false }: HandMade): Buffer {
  const names = sheets.map(([name]) => name);
  const xml = (name: string, body: string) =>
    `<?xml version="1.0"?>\n<${name} xmlns="${main}">${body}</${name}>`;
  const related = (target: string, kind: string, id: string) =>
    `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/>`;
  const entries = names.map(
    (name, i) =>
      `<sheet name="${name.replace(/^!/, "")}" sheetId="${i + 1}"${name.startsWith("!") ? ' state="hidden"' : ""} r:id="r${i}"/>`,
  );
  return zipOf({
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": `<Relationships xmlns="${relations}">${related("xl/workbook.xml", "officeDocument", "r1")}</Relationships>`,
    "xl/workbook.xml": xml(
      "workbook",
      `<workbookPr date1904="${date1904 ? 1 : 0}"/><sheets xmlns:r="${office}">${entries.join("")}</sheets>`,
    ),
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${relations}">${[
      ...names.map((_, i) => related(`worksheets/sheet${i + 1}.xml`, "worksheet", `r${i}`)),
      related("sharedStrings.xml", "sharedStrings", "s"),
      related("/xl/styles.xml", "styles", "t"),
    ].join("")}</Relationships>`,
    ...(styles === undefined ? {} : { "xl/styles.xml": xml("styleSheet", styles) }),
    ...(strings === undefined ? {} : { "xl/sharedStrings.xml": xml("sst", strings) }),
    ...Object.fromEntries(
      sheets.map(([, body], i) => [`xl/worksheets/sheet${i + 1}.xml`, xml("worksheet", body)]),
    ),
  });
}
