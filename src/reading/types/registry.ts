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

/** Reads one cell as its field's type; undefined if it is not of that type. */
export function parseCell(text: string, field: Field): unknown {
  const type = fieldTypes[field.type];
  const pattern = type.pattern(field);
  if (pattern !== null && !new RegExp(`^(?:${pattern})$`).test(text)) return undefined;
  return type.parse(text, field);
}
