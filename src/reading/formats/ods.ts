import { AirCanError } from "../../base/errors.ts";
import { type OpenedSource, readSource } from "../open-source.ts";
import { openZip } from "../zip-archive.ts";
import type { FormatDefinition, FormatReading } from "./definition.ts";
import { type Grid, readGrids } from "./grid.ts";
import { fillMerged, type MergedArea } from "./grid-merged.ts";
import { numberText, roundedText } from "./grid-number.ts";
import { gridOptions } from "./grid-options.ts";
import { odsRows, odsSheets } from "./ods-sheet.ts";
import { damaged, type Parts, partsOf } from "./xlsx-parts.ts";

const mediatype = "application/vnd.oasis.opendocument.spreadsheet";

/** Spreadsheets of OpenDocument (ODF 1.3), as LibreOffice writes them, read as a stream. */
export const ods: FormatDefinition = {
  name: "ods",
  title: "OpenDocument spreadsheet",
  summary:
    "Spreadsheets of LibreOffice and others, read as a stream; repeated empty rows and cells take nothing.",
  options: ["sheet", "range", "headerRows"],
  extensions: ["ods", "ots"],
  mediatype,
  isBinary: true,
  matches: (sample) => sample.toString("latin1", 30, 100).startsWith(`mimetype${mediatype}`),
  read: async (opened, reading) => {
    const archive = await openZip(opened.path, opened.source);
    try {
      const parts = partsOf(archive, opened.source);
      const entry = parts.find("content.xml");
      if (entry === undefined) throw damaged(opened.source, "there is no content in it");
      await refuseEncrypted(parts);
      return await readSheets(opened, reading, () => parts.read(entry));
    } finally {
      archive.close();
    }
  },
};

/** The same in one plain XML file. */
export const fods: FormatDefinition = {
  name: "fods",
  title: "OpenDocument spreadsheet, flat",
  summary: "The same in one XML file.",
  options: ["sheet", "range", "headerRows"],
  extensions: ["fods"],
  mediatype: "application/vnd.oasis.opendocument.spreadsheet-flat-xml",
  matches: (sample) =>
    /^(\ufeff)?\s*<\?xml[^>]*\?>\s*<office:document\s/.test(sample.toString("utf8", 0, 512)) &&
    sample.includes(`office:mimetype="${mediatype}"`),
  read: (opened, reading) => readSheets(opened, reading, () => readSource(opened)),
};

/** An encrypted document says so in its manifest, and its content is noise. */
async function refuseEncrypted(parts: Parts): Promise<void> {
  const manifest = parts.find("META-INF/manifest.xml");
  if (manifest === undefined) return;
  const chunks: Buffer[] = [];
  for await (const chunk of parts.read(manifest)) chunks.push(chunk);
  if (!Buffer.concat(chunks).includes(":encryption-data")) return;
  throw new AirCanError("format-error", `${parts.source} is protected by a password.`, {
    where: { source: parts.source },
    hint: "Save it without a password.",
  });
}

async function readSheets(
  opened: OpenedSource,
  reading: FormatReading,
  content: () => AsyncIterable<Buffer>,
) {
  const { source } = opened;
  const options = gridOptions(reading);
  const number = options.adjustFloatingPointError ? roundedText : numberText;
  const sheets = await odsSheets(content(), source);
  const grids = sheets.map(
    (sheet, index): Grid => ({
      ...sheet,
      rows: () => {
        const areas: MergedArea[] = [];
        const rows = odsRows(content(), { source, index, number, areas });
        return options.fillMergedCells ? fillMerged(rows, areas) : rows;
      },
    }),
  );
  return readGrids(grids, opened, { reading, kind: "sheet" });
}
