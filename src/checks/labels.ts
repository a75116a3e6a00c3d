import type { Field } from "../descriptor/types.ts";
import type { ReportError } from "./report.ts";
import { reportError } from "./report-error.ts";

/** How a file's columns and a schema's fields must agree: Table Schema v2. */
export type FieldsMatch = "exact" | "equal" | "subset" | "superset" | "partial";

export interface Header {
  /** Cells of the header; empty where the file has none. */
  readonly labels: readonly string[];
  readonly rowNumbers: readonly number[];
  /** False: `ID` is the label of the field `id` too. */
  readonly headerCase: boolean;
}

export interface SchemaMatch {
  readonly fields: readonly Field[];
  readonly fieldsMatch: FieldsMatch;
  /** Fields that must be there also where a match may leave some out. */
  readonly needed: ReadonlySet<string>;
}

/** Labels that are empty or stand there twice; these are wrong with or without a schema. */
export function labelErrors(header: Header): ReportError[] {
  const seen = new Map<string, number[]>();
  return header.labels.flatMap((label, i): ReportError[] => {
    if (label.trim() === "") {
      const message = `Column ${i + 1} has no name in the header.`;
      return [
        reportError("blank-label", message, { ...placeOf(header), label, fieldName: "", fieldNumber: i + 1 }),
      ];
    }
    const before = seen.get(label);
    seen.set(label, [...(before ?? []), i + 1]);
    if (before === undefined) return [];
    const message = `Column ${i + 1} is named "${label}", as is column ${before.join(", ")}.`;
    const note = `at position "${before.join(", ")}"`;
    return [
      reportError("duplicate-label", message, {
        ...placeOf(header),
        label,
        note,
        fieldName: label,
        fieldNumber: i + 1,
      }),
    ];
  });
}

/** Labels that are not those of the schema's fields. */
export function schemaLabelErrors(header: Header, match: SchemaMatch): ReportError[] {
  if (header.labels.length === 0) return [];
  return match.fieldsMatch === "exact" ? byPlace(header, match.fields) : byName(header, match);
}

function byPlace(header: Header, fields: readonly Field[]): ReportError[] {
  const { labels } = header;
  const missing = fields
    .slice(labels.length)
    .map((field, i) => missingLabel(header, field, labels.length + i));
  const wrong = labels.flatMap((label, i): ReportError[] => {
    const field = fields[i];
    if (field === undefined) return [extraLabel(header, i)];
    if (label.trim() === "" || labels.indexOf(label) < i || tidy(label, header) === tidy(field.name, header))
      return [];
    const message = `Column ${i + 1} is named "${label}", where the schema has the field "${field.name}".`;
    return [
      reportError("incorrect-label", message, {
        ...placeOf(header),
        label,
        fieldName: field.name,
        fieldNumber: i + 1,
        expected: field.name,
      }),
    ];
  });
  return [...wrong, ...missing];
}

function byName(header: Header, { fields, fieldsMatch, needed }: SchemaMatch): ReportError[] {
  const labels = header.labels.map((label) => tidy(label, header));
  const names = fields.map(({ name }) => tidy(name, header));
  const mayLackFields = fieldsMatch === "superset" || fieldsMatch === "partial";
  const mayHaveMore = fieldsMatch === "subset" || fieldsMatch === "partial";
  const missing = fields.filter(
    ({ name }) => !labels.includes(tidy(name, header)) && (!mayLackFields || needed.has(name)),
  );
  const extra = labels.flatMap((label, i) => (label !== "" && !names.includes(label) ? [i] : []));
  const isForeign = fieldsMatch === "partial" && labels.every((label) => !names.includes(label));
  return [
    ...(isForeign ? [unmatchedHeader(header, fields)] : []),
    ...(mayHaveMore ? [] : extra.map((i) => extraLabel(header, i))),
    ...missing.map((field, i) => missingLabel(header, field, labels.length + i)),
  ];
}

function unmatchedHeader(header: Header, fields: readonly Field[]): ReportError {
  const names = fields.map(({ name }) => name).join(", ");
  const message = `None of the columns ${header.labels.join(", ")} is a field of the schema, which has ${names}.`;
  return reportError("unmatched-header", message, placeOf(header));
}

function extraLabel(header: Header, i: number): ReportError {
  const label = header.labels[i] ?? "";
  const message = `Column ${i + 1}, "${label}", is not in the schema.`;
  return reportError("extra-label", message, {
    ...placeOf(header),
    label,
    fieldName: "",
    fieldNumber: i + 1,
  });
}

function missingLabel(header: Header, { name }: Field, i: number): ReportError {
  const message = `The schema's field "${name}" has no column in the file.`;
  return reportError("missing-label", message, {
    ...placeOf(header),
    label: "",
    fieldName: name,
    fieldNumber: i + 1,
  });
}

const placeOf = ({ labels, rowNumbers }: Header) => ({ labels: [...labels], rowNumbers: [...rowNumbers] });

/** A label or name as it is compared. */
function tidy(name: string, { headerCase }: Header): string {
  const plain = name.replace(/\s*[\r\n]+\s*/g, " ").trim();
  return headerCase ? plain : plain.toLowerCase();
}
