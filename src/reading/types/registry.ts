import type { Field, FieldType } from "../../descriptor/types.ts";
import { any } from "./any.ts";
import { boolean } from "./boolean.ts";
import { date } from "./date.ts";
import { datetime } from "./datetime.ts";
import { duration } from "./duration.ts";
import type { FieldTypeDefinition } from "./field-type.ts";
import { geopoint } from "./geopoint.ts";
import { integer } from "./integer.ts";
import { array, geojson, object } from "./json.ts";
import { list } from "./list.ts";
import { number } from "./number.ts";
import { string } from "./string.ts";
import { time } from "./time.ts";
import { year } from "./year.ts";
import { yearmonth } from "./yearmonth.ts";

/** Every type of Table Schema. */
export const fieldTypes: Readonly<Record<FieldType, FieldTypeDefinition>> = {
  string,
  number,
  integer,
  boolean,
  date,
  time,
  datetime,
  year,
  yearmonth,
  duration,
  list,
  object,
  array,
  geopoint,
  geojson,
  any,
};

/** A reader of a field's cells: the value, or undefined if the text is not of the field's type. */
export function cellReader(field: Field): (text: string) => unknown {
  const type = fieldTypes[field.type];
  const pattern = type.pattern(field);
  if (pattern === null) return (text) => type.parse(text, field);
  const test = new RegExp(`^(?:${pattern})$`);
  return (text) => (test.test(text) ? type.parse(text, field) : undefined);
}

/** A test whether a text is of a field's type, for those who do not need the value. */
export function cellTest(field: Field): (text: string) => boolean {
  const { isReal } = fieldTypes[field.type];
  if (isReal === undefined) {
    const read = cellReader(field);
    return (text) => read(text) !== undefined;
  }
  const test = new RegExp(`^(?:${fieldTypes[field.type].pattern(field) ?? "[^]*"})$`);
  return (text) => test.test(text) && isReal(text, field);
}

/** Reads one cell as its field's type; undefined if it is not of that type. */
export function parseCell(text: string, field: Field): unknown {
  return cellReader(field)(text);
}
