import { Temporal } from "../base/temporal.ts";
import type { Field } from "../descriptor/types.ts";
import type { ConstraintTest } from "../reading/constraints.ts";
import { plainDecimal } from "../reading/decimals.ts";
import { enginePattern } from "../reading/pattern.ts";
import type { SqlType } from "./cell.ts";
import type { Column } from "./expression.ts";
import { durationValue } from "./nested-cell.ts";
import { identifier, isOneOf, text } from "./sql.ts";

/**
 * The test of a constraint as SQL over a column's values. Null where SQL would judge differently from
 * JavaScript, or not at all: of values that lie as text although they have another order, and of JSON.
 */
export function constraintSql({ field, type }: Column, test: ConstraintTest, told: Field): string | null {
  if (field.type !== told.type) return null; // bad cells are kept, so all are texts
  const value = identifier(field.name);
  const build = builders[test.constraint];
  const constants = test.constants?.map((each) => literalOf(each, field.type, type));
  if (build === undefined || constants?.includes(null)) return null;
  const known = constants?.filter((each) => each !== null) ?? [];
  return build({ value, column: { field, type }, told: test.told, constants: known });
}

interface Told {
  /** The value as SQL. */
  readonly value: string;
  readonly column: Column;
  readonly told: unknown;
  /** What it is compared with, as SQL. */
  readonly constants: readonly string[];
}

const compared =
  (operator: string) =>
  ({ value, constants }: Told): string =>
    `${value} ${operator} ${constants[0]}`;

const measured = (operator: string) => (told: Told) => {
  const length = lengthOf(told);
  return length === null ? null : `${length} ${operator} ${Number(told.told)}`;
};

/** A text of so few bytes has no more characters, which need not be counted then. */
const atMost = (told: Told) => {
  const counted = measured("<=")(told);
  if (told.column.type !== "VARCHAR" || counted === null) return counted;
  return `CASE WHEN strlen(${told.value}) <= ${Number(told.told)} THEN true ELSE ${counted} END`;
};

const oneOf = ({ value, constants, column }: Told) =>
  column.type === "INTERVAL" ? null : isOneOf(value, constants);

const builders: Readonly<Record<string, (told: Told) => string | null>> = {
  minLength: measured(">="),
  maxLength: atMost,
  minimum: compared(">="),
  maximum: compared("<="),
  exclusiveMinimum: compared(">"),
  exclusiveMaximum: compared("<"),
  pattern: ({ value, column, told }) =>
    column.type === "VARCHAR" ? `regexp_full_match(${value}, ${text(enginePattern(String(told)))})` : null,
  enum: oneOf,
  categories: oneOf,
};

function lengthOf({ value, column: { field, type } }: Told): string | null {
  if (type.endsWith("[]")) return `len(${value})`;
  if (field.type === "array") return `json_array_length(${value})`;
  if (field.type === "object" || field.type === "geojson") return `len(list_distinct(json_keys(${value})))`;
  return type === "VARCHAR" ? `length(${value})` : null;
}

const textTypes = ["string", "any", "yearmonth"];

/** A constant as SQL that compares with values of a type; null if it does not lie in the type as it is. */
function literalOf(constant: unknown, fieldType: string, type: SqlType): string | null {
  const printed = String(constant);
  switch (type) {
    case "VARCHAR":
      return textTypes.includes(fieldType) && constant !== undefined ? text(printed) : null;
    case "BOOLEAN":
      return typeof constant === "boolean" ? printed : null;
    case "INTEGER":
    case "BIGINT":
    case "HUGEINT":
      return wholeNumber(constant);
    case "DOUBLE":
      return double(printed);
    case "DATE":
      return constant instanceof Temporal.PlainDate && constant.year > 0
        ? `CAST(${text(printed)} AS DATE)`
        : null;
    case "TIME":
      return constant instanceof Temporal.PlainTime && constant.nanosecond === 0
        ? `CAST(${text(printed)} AS TIME)`
        : null;
    case "TIMESTAMP":
      return constant instanceof Temporal.PlainDateTime && constant.year > 0 && constant.nanosecond === 0
        ? `CAST(${text(printed)} AS TIMESTAMP)`
        : null;
    case "TIMESTAMP WITH TIME ZONE":
      return constant instanceof Temporal.Instant && isHeld(constant)
        ? `CAST(${text(printed)} AS TIMESTAMP WITH TIME ZONE)`
        : null;
    case "INTERVAL":
      return constant instanceof Temporal.Duration ? durationValue(text(printed)).value : null;
    default:
      return null;
  }
}

function isHeld(instant: Temporal.Instant): boolean {
  return instant.epochNanoseconds % 1000n === 0n && !/^[-+]|^0000/.test(String(instant));
}

const mostOfBigint = 2n ** 63n;
const mostOfHugeint = 2n ** 127n;

function wholeNumber(constant: unknown): string | null {
  if (typeof constant === "number" && !Number.isSafeInteger(constant))
    return Number.isFinite(constant) ? `CAST(${text(String(constant))} AS DOUBLE)` : null;
  if (typeof constant !== "number" && typeof constant !== "bigint") return null;
  const size = BigInt(constant) < 0n ? -BigInt(constant) : BigInt(constant);
  if (size >= mostOfHugeint) return null;
  return `CAST(${text(String(constant))} AS ${size < mostOfBigint ? "BIGINT" : "HUGEINT"})`;
}

/** Doubles stand in the order of their digits, if the constant's digits are a double's too. */
function double(digits: string): string | null {
  if (digits === "undefined" || plainDecimal(String(Number(digits))) !== digits) return null;
  return `CAST(${text(digits)} AS DOUBLE)`;
}
