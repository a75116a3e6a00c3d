import type { Field } from "../descriptor/types.ts";
import { listDelimiter, listItem } from "../reading/types/list-item.ts";
import type { SqlType } from "./cell.ts";
import { text } from "./sql.ts";

/**
 * The text of a value in its field's default form (ISO 8601, a point in numbers, `true`): what a CSV file
 * holds, and what a cast to text gives. Null stays null. `castCell` reads it back to the same value.
 */
export function textForm(value: string, field: Field, type: SqlType): string {
  if (type === "VARCHAR") return value;
  if (type.endsWith("[]")) return listText(value, field, type);
  if (type === "JSON")
    return field.type === "any" ? `json_extract_string(${value}, '$')` : `CAST(${value} AS VARCHAR)`;
  if (field.type === "year") return yearText(value);
  if (type === "DOUBLE") return doubleText(value);
  if (type.startsWith("DECIMAL")) return decimalText(value);
  if (type.startsWith("TIMESTAMP")) return timestampText(value, type);
  if (type === "INTERVAL") return durationText(value);
  if (type.startsWith("STRUCT"))
    return `(${doubleText(`(${value}).lon`)} || ',' || ${doubleText(`(${value}).lat`)})`;
  return `CAST(${value} AS VARCHAR)`;
}

/** The texts of the items between the field's delimiters. */
function listText(value: string, field: Field, type: SqlType): string {
  const itemType = type.slice(0, -2);
  const items =
    itemType === "VARCHAR"
      ? value
      : `list_transform(${value}, lambda item: ${textForm("item", listItem(field), itemType)})`;
  return `array_to_string(${items}, ${text(listDelimiter(field))})`;
}

/** The same, as PostgreSQL reads it: a list is the text of its array. */
export function postgresForm(value: string, field: Field, type: SqlType): string {
  if (!type.endsWith("[]")) return textForm(value, field, type);
  const quoted = `'"' || replace(replace(item, '\\', '\\\\'), '"', '\\"') || '"'`;
  return `'{' || array_to_string(list_transform(${value}, lambda item: ${quoted}), ',') || '}'`;
}

function doubleText(value: string): string {
  return `(CASE WHEN ${value} = trunc(${value}) AND abs(${value}) <= 9007199254740991 THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) WHEN isnan(${value}) THEN 'NaN' WHEN isinf(${value}) THEN CASE WHEN ${value} > 0 THEN 'INF' ELSE '-INF' END ELSE CAST(${value} AS VARCHAR) END)`;
}

/** Four digits at least, as XML Schema has it. */
function yearText(value: string): string {
  return `printf('%s%04d', CASE WHEN ${value} < 0 THEN '-' ELSE '' END, abs(${value}))`;
}

function decimalText(value: string): string {
  return `(CASE WHEN contains(CAST(${value} AS VARCHAR), '.') THEN rtrim(rtrim(CAST(${value} AS VARCHAR), '0'), '.') ELSE CAST(${value} AS VARCHAR) END)`;
}

function timestampText(value: string, type: SqlType): string {
  const iso = `replace(CAST(${value} AS VARCHAR), ' ', 'T')`;
  return type === "TIMESTAMP WITH TIME ZONE" ? `replace(${iso}, '+00', 'Z')` : iso;
}

/** ISO 8601; its parts are all positive or all negative, as they were read. */
function durationText(value: string): string {
  const part = (unit: string, letter: string) =>
    `CASE WHEN datepart('${unit}', ${value}) <> 0 THEN CAST(abs(datepart('${unit}', ${value})) AS VARCHAR) || '${letter}' ELSE '' END`;
  const micros = `abs(datepart('microsecond', ${value}))`;
  const seconds = `CASE WHEN ${micros} <> 0 THEN rtrim(rtrim(CAST(CAST(${micros} AS DECIMAL(18,0)) / 1000000 AS DECIMAL(18,6))::VARCHAR, '0'), '.') || 'S' ELSE '' END`;
  const date = `${part("year", "Y")} || ${part("month", "M")} || ${part("day", "D")}`;
  const time = `${part("hour", "H")} || ${part("minute", "M")} || ${seconds}`;
  const sign = `CASE WHEN ${value} < INTERVAL 0 SECOND THEN '-' ELSE '' END`;
  return `(CASE WHEN ${value} IS NULL THEN NULL WHEN ${value} = INTERVAL 0 SECOND THEN 'PT0S' WHEN ${time} = '' THEN ${sign} || 'P' || ${date} ELSE ${sign} || 'P' || ${date} || 'T' || ${time} END)`;
}
