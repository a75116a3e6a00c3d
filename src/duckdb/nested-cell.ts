import type { Field } from "../descriptor/types.ts";
import { durationLimits, durationParts } from "../reading/types/duration.ts";
import { degrees } from "../reading/types/geopoint.ts";
import { geojsonParts, jsonSpace, topojsonParts } from "../reading/types/json.ts";
import { listDelimiter, listItem } from "../reading/types/list-item.ts";
import { always, type CellValue, castCell, type SqlType } from "./cell.ts";
import { allOf, anyOf, text } from "./sql.ts";

/** For values made of parts, which are no null when all of these are. */
function unlessNull(cell: string, value: string): string {
  return `CASE WHEN ${cell} IS NULL THEN NULL ELSE ${value} END`;
}

/** Months, days and microseconds of an ISO 8601 duration. */
export function durationValue(cell: string): CellValue {
  const part = (index: number) =>
    `coalesce(TRY_CAST(nullif(regexp_extract(${cell}, ${text(durationParts)}, ${index}), '') AS DOUBLE), 0)`;
  const sign = `(CASE WHEN starts_with(${cell}, '-') THEN -1 ELSE 1 END)`;
  const months = `(${part(2)} * 12 + ${part(3)})`;
  const days = `(${part(4)} * 7 + ${part(5)})`;
  const micros = `((${part(6)} * 3600 + ${part(7)} * 60 + ${part(8)}) * 1000000)`;
  const value = [
    `to_months(TRY_CAST(${sign} * ${months} AS INTEGER))`,
    `to_days(TRY_CAST(${sign} * ${days} AS INTEGER))`,
    `to_microseconds(TRY_CAST(${sign} * round(${micros}) AS BIGINT))`,
  ];
  const fits = [
    `regexp_matches(${cell}, ${text(durationParts)})`,
    `${months} <= ${durationLimits.months}`,
    `${days} <= ${durationLimits.days}`,
    `${micros} <= ${durationLimits.microseconds}`,
  ];
  return { ...always(unlessNull(cell, `(${value.join(" + ")})`)), fits: allOf(fits) };
}

/** Each item as a cell of its own; a list of which one does not fit lies as texts. */
export function listValue(cell: string, field: Field, type: SqlType): CellValue {
  const item = listItem(field);
  if (type === "VARCHAR[]") return always(splitList(cell, field));
  const { pattern, fits, attempt } = castCell("item", item, type.slice(0, -2));
  const tests = [pattern, fits, `${attempt} IS NOT NULL`].filter((test) => test !== null);
  const value = `list_transform(${splitList(cell, field)}, lambda item: ${attempt})`;
  return { ...always(value), fits: everyItem(cell, field, allOf(tests)) };
}

/** The texts of a list's items. */
function splitList(cell: string, field: Field): string {
  return `string_split(${cell}, ${text(listDelimiter(field))})`;
}

/** True if a test of `item` holds for all items of a list. */
export function everyItem(cell: string, field: Field, test: string): string {
  return `list_bool_and(list_transform(${splitList(cell, field)}, lambda item: coalesce(${test}, false)))`;
}

/** True for JSON as the standard has it: DuckDB also takes NaN, infinities and a comma before a closing bracket. */
export function jsonTest(cell: string): string {
  const bare = `regexp_replace(${cell}, ${text('"(?:[^"\\\\]|\\\\[\\s\\S])*"')}, '""', 'g')`;
  return `json_valid(${cell}) AND NOT regexp_matches(${bare}, ${text(`,${jsonSpace}[\\]}]|[iIN]|na`)})`;
}

/** True if a JSON object has a type of GeoJSON (or TopoJSON) and the parts of that type. */
export function geojsonTest(cell: string, field: Field): string {
  const types: typeof geojsonParts = field.format === "topojson" ? topojsonParts : geojsonParts;
  const tests = Object.entries(types).map(([type, parts]) => {
    const kinds = Object.entries(parts).map(
      ([name, allowed]) =>
        `coalesce(json_type(${cell}, ${text(`$.${name}`)}) IN (${allowed.map((kind) => text(kind.toUpperCase())).join(", ")}), false)`,
    );
    return allOf([`json_extract(${cell}, '$.type') = ${text(JSON.stringify(type))}`, ...kinds]);
  });
  return `CASE WHEN ${jsonTest(cell)} THEN coalesce(${anyOf(tests)}, false) ELSE false END`;
}

/** A struct of longitude and latitude. */
export function geopointValue(cell: string, field: Field): CellValue {
  const at = (index: number) => `CAST(regexp_extract_all(${cell}, ${text(degrees)})[${index}] AS DOUBLE)`;
  const latitudeFirst = `strpos(${cell}, '"lat"') < strpos(${cell}, '"lon"')`;
  const swapped = field.format === "object";
  const lon = swapped ? `CASE WHEN ${latitudeFirst} THEN ${at(2)} ELSE ${at(1)} END` : at(1);
  const lat = swapped ? `CASE WHEN ${latitudeFirst} THEN ${at(1)} ELSE ${at(2)} END` : at(2);
  return {
    ...always(unlessNull(cell, `struct_pack(lon := ${lon}, lat := ${lat})`)),
    fits: `abs(${lon}) <= 180 AND abs(${lat}) <= 90`,
  };
}
