import type { Field, Resource, Schema } from "../descriptor/types.ts";
import { constantText } from "./constants.ts";

export interface WrittenFile {
  readonly path: string;
  readonly format: string;
  readonly rows: number;
  readonly bytes: number;
  /** MD5 of the file, in hexadecimal. */
  readonly hash: string;
}

const mediatypes: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  ndjson: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
};

/** How the source wrote its cells, which a written file does not keep: it has the forms of the specification. */
const readingProperties = [
  "decimalChar",
  "groupChar",
  "bareNumber",
  "trueValues",
  "falseValues",
  "missingValues",
  "missingLabels",
];

/** The descriptor of a resource as it was written: what described the source's text is gone. */
export function writtenResource(
  resource: Resource,
  { path, format, rows, bytes, hash }: WrittenFile,
): Resource {
  const {
    dialect,
    encoding,
    compression,
    aircan,
    hash: _,
    bytes: __,
    rows: ___,
    schema,
    mediatype,
    ...rest
  } = resource;
  return {
    ...rest,
    path,
    type: "table",
    format,
    ...(mediatypes[format] ? { mediatype: mediatypes[format] } : {}),
    ...(format === "parquet" ? {} : { encoding: "utf-8" }),
    ...(format === "csv"
      ? {
          dialect: {
            delimiter: ",",
            quoteChar: '"',
            doubleQuote: true,
            lineTerminator: "\n",
            header: true,
            headerRows: [1],
          },
        }
      : {}),
    schema: {
      ...withoutLabels(schema),
      fields: (schema?.fields ?? []).map(writtenField),
      missingValues: [""],
    },
    rows,
    bytes,
    hash,
  };
}

/** Values that had labels are null in what is written. */
function withoutLabels(schema: Schema | undefined): Partial<Schema> {
  const { missingLabels: _, ...rest }: Partial<Schema> = schema ?? {};
  return rest;
}

/** A field without what told how its text was to be read; what its constraints name is in the default form, too. */
export function writtenField(field: Field): Field {
  const kept = Object.entries(field).filter(
    ([name]) =>
      !readingProperties.includes(name) &&
      !(name === "format" && (field.type === "geopoint" || /%|^any$/.test(field.format ?? ""))),
  );
  const written = Object.fromEntries(kept) as Field; // name and type are never among the properties left out
  if (kept.length === Object.keys(field).length || field.constraints === undefined) return written;
  const inDefaultForm = (told: unknown) =>
    Array.isArray(told) ? told.map((each) => constantText(field, each)) : constantText(field, told);
  const constraints = Object.entries(field.constraints).map(([name, told]) =>
    comparing.has(name) ? [name, inDefaultForm(told)] : [name, told],
  );
  return { ...written, constraints: Object.fromEntries(constraints) };
}

/** Constraints that name values of their field. */
const comparing = new Set(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum"]);
