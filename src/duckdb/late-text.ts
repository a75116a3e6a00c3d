import type { Field } from "../descriptor/types.ts";
import { fieldsOf } from "../plan/expression.ts";
import type { CheckRelation, MapRelation, ProjectRelation, Relation } from "../plan/relation.ts";
import { falseValues, trueValues } from "../reading/types/boolean.ts";
import { temporalFormat } from "../reading/types/temporal-format.ts";
import { hopefulValue } from "./cast.ts";
import { castCell, usualType } from "./cell.ts";
import { isIdle } from "./check.ts";
import { text } from "./sql.ts";
import { textForm } from "./text-form.ts";

/**
 * Fields that only their text is wanted of. A CSV file is such a reader: a cell that is only passed on to it
 * is tested, but not made a value and printed again where its text is the one that would be printed.
 */
export type LateTexts = ReadonlySet<string>;

export const noTexts: LateTexts = new Set();

/** The fields of a relation's input of which only the text is wanted, when that holds for `texts` of its own. */
export function textsBelow(relation: Relation, texts: LateTexts, reads: ReadsOf): LateTexts {
  switch (relation.kind) {
    case "limit":
      return texts;
    case "filter":
      return without(texts, fieldsOf(relation.where));
    case "sort":
      return without(
        texts,
        relation.keys.flatMap(({ value }) => fieldsOf(value)),
      );
    case "distinct":
      return without(texts, relation.keys);
    case "check":
      return without(texts, tested(relation));
    case "project":
      return belowProject(relation, texts);
    case "map":
      return belowMap(relation, texts, reads);
    default:
      return noTexts;
  }
}

/** The fields that a row function reads, as far as they are known; undefined: any. */
export type ReadsOf = (relation: MapRelation) => ReadonlySet<string> | undefined;

function without(texts: LateTexts, names: readonly string[]): LateTexts {
  return names.some((name) => texts.has(name))
    ? new Set([...texts].filter((name) => !names.includes(name)))
    : texts;
}

function tested(relation: CheckRelation): string[] {
  if (isIdle(relation)) return [];
  const { fields, primaryKey = [] } = relation.schema;
  return [
    ...primaryKey,
    ...fields.filter(({ constraints }) => Object.keys(constraints ?? {}).length > 0).map(({ name }) => name),
  ];
}

/** Fields that are only passed on, under whatever name, and that nothing is computed from. */
function belowProject({ columns }: ProjectRelation, texts: LateTexts): LateTexts {
  const computed = columns.flatMap(({ name, value }) =>
    value.kind === "field" && texts.has(name) ? [] : fieldsOf(value),
  );
  const passed = columns.flatMap(({ value }) => (value.kind === "field" ? [value.name] : []));
  return without(new Set(passed), computed);
}

function belowMap(relation: MapRelation, texts: LateTexts, reads: ReadsOf): LateTexts {
  const read = reads(relation);
  if (relation.target === null || read === undefined) return noTexts;
  return without(texts, [relation.target, ...read]);
}

/** The cell of a cast as text: null if missing, as it stands if its value would be printed so; a bad one ends the query. */
export function hopefulText(cell: string, field: Field, missingValues: readonly string[]): string {
  const type = usualType(field);
  const { value, ...tests } = castCell(cell, field, type);
  const printed = hopefulValue({ ...tests, value: textForm(value, field, type) }, cell, missingValues);
  const same = printedAsRead(field);
  if (same === null || missingValues.some((value) => new RegExp(`^(?:${same})$`).test(value))) return printed;
  return `CASE WHEN regexp_full_match(${cell}, ${text(same)}) THEN ${cell} ELSE ${printed} END`;
}

const day = "[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])";
const time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";

/** At most 15 digits, none of them needless, and no so small a number that it is printed with an exponent. */
const decimal =
  "0|-?(?:[1-9][0-9]{0,14}|[1-9][0-9]{0,8}\\.[0-9]{0,5}[1-9]|0\\.0{0,3}[1-9](?:[0-9]{0,8}[1-9])?)";

/** Pattern of cells of which every one is good and printed as it was read; null where there is none. */
export function printedAsRead(field: Field): string | null {
  const plain = !field.groupChar && (field.decimalChar ?? ".") === "." && field.bareNumber !== false;
  const iso = !temporalFormat(field.format);
  switch (field.type) {
    case "integer":
      return plain ? "0|-?[1-9][0-9]{0,17}" : null;
    case "number":
      return plain ? decimal : null;
    case "boolean":
      return trueValues(field).includes("true") && falseValues(field).includes("false") ? "true|false" : null;
    case "date":
      return iso ? day : null;
    case "time":
      return iso ? time : null;
    case "datetime":
      return iso && field.zoned !== true ? `${day}T${time}` : null;
    case "year":
      return "[1-9][0-9]{3}";
    default:
      return null;
  }
}
