import { AirCanError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { Field, FieldType, Schema } from "../descriptor/types.ts";
import { parseCell } from "../reading/types/registry.ts";
import type { Expression, Operator } from "./expression.ts";
import { printExpression } from "./print-expression.ts";

/** The type that an expression gives; `null` for the bare constant, which fits everything. */
export type ExpressionType = FieldType | "null";

const numeric: readonly ExpressionType[] = ["integer", "number", "year"];
const texts: readonly ExpressionType[] = ["string", "any", "yearmonth"];
const temporal: readonly ExpressionType[] = ["date", "time", "datetime"];

/**
 * The type of an expression over a schema.
 *
 * @throws AirCanError `unknown-field` with the known names; `expression-error` where types do not fit.
 */
export function typeOf(expression: Expression, schema: Schema): ExpressionType {
  if (expression.kind === "field") return fieldOf(expression.name, schema).type;
  if (expression.kind === "literal") return literalType(expression.value);
  const types = expression.arguments.map((argument) => typeOf(argument, schema));
  return callType(expression, types);
}

function fieldOf(name: string, schema: Schema): Field {
  const found = schema.fields.find((field) => field.name === name);
  if (found) return found;
  const known = schema.fields.map((field) => field.name);
  const nearest = nearestName(name, known);
  throw new AirCanError(
    "unknown-field",
    `The expression names the field "${name}", but the fields here are: ${known.join(", ") || "none"}.`,
    { ...(nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` }), where: { field: name } },
  );
}

function literalType(value: string | number | bigint | boolean | null): ExpressionType {
  if (value === null) return "null";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "bigint" || Number.isInteger(value) ? "integer" : "number";
}

type Call = Extract<Expression, { kind: "call" }>;

const comparisons: readonly Operator[] = ["=", "!=", "<", "<=", ">", ">=", "in"];
const textFunctions: readonly Operator[] = ["lower", "upper", "trim", "replace", "replace_pattern"];
const textTests: readonly Operator[] = ["contains", "starts_with", "ends_with", "matches"];

function callType(call: Call, types: readonly ExpressionType[]): ExpressionType {
  const { operator } = call;
  if (comparisons.includes(operator)) {
    for (const [i] of call.arguments.entries()) if (i > 0) requireComparable(call, i, types);
    return "boolean";
  }
  if (operator === "is_null") return "boolean";
  if (operator === "concat") return "string";
  if (operator === "and" || operator === "or" || operator === "not")
    return requireEach(call, types, ["boolean"], "boolean");
  if (textFunctions.includes(operator)) return requireEach(call, types, texts, "string");
  if (textTests.includes(operator)) return requireEach(call, types, texts, "boolean");
  if (operator === "length") return requireEach(call, types, [...texts, "list", "array"], "integer");
  if (operator === "coalesce") return commonType(call, types);
  if (operator === "if") {
    requireEach(call, types.slice(0, 1), ["boolean"], "boolean");
    return commonType(call, types.slice(1));
  }
  return arithmeticType(call, types);
}

function arithmeticType(call: Call, types: readonly ExpressionType[]): ExpressionType {
  requireEach(call, types, numeric, "number");
  if (call.operator === "/") return "number";
  if (call.operator === "round") return types.length === 1 ? "integer" : "number";
  return types.every((type) => type === "integer" || type === "year" || type === "null")
    ? "integer"
    : "number";
}

function requireEach(
  call: Call,
  types: readonly ExpressionType[],
  allowed: readonly ExpressionType[],
  result: ExpressionType,
): ExpressionType {
  const wrong = types.findIndex((type) => type !== "null" && !allowed.includes(type));
  const argument = call.arguments[wrong];
  if (argument === undefined) return result;
  throw misfit(
    call,
    `\`${printExpression(argument)}\` is ${types[wrong]}, but ${call.operator} works on ${allowed.join(", ")}`,
  );
}

function requireComparable(call: Call, index: number, types: readonly ExpressionType[]): void {
  const [left = "null", right = "null"] = [types[0], types[index]];
  if (sameFamily(left, right)) return;
  const [a, b] = [call.arguments[0], call.arguments[index]];
  if (a && b && (fitsAsText(a, left, right) || fitsAsText(b, right, left))) return;
  throw misfit(
    call,
    `${a ? `\`${printExpression(a)}\`` : ""} is ${left} and ${b ? `\`${printExpression(b)}\`` : ""} is ${right}, which cannot be compared`,
  );
}

/** A text constant beside a date, time or datetime is read as one, if it is one. */
function fitsAsText(side: Expression, type: ExpressionType, other: ExpressionType): boolean {
  if (side.kind !== "literal" || type !== "string" || typeof side.value !== "string") return false;
  if (!temporal.includes(other) && other !== "duration") return false;
  const read = (as: FieldType) => parseCell(String(side.value), { name: "", type: as });
  return read(other as FieldType) !== undefined || (other === "datetime" && read("date") !== undefined);
}

function sameFamily(a: ExpressionType, b: ExpressionType): boolean {
  if (a === b || a === "null" || b === "null") return true;
  if (numeric.includes(a) && numeric.includes(b)) return true;
  if (texts.includes(a) && texts.includes(b)) return true;
  return (a === "date" && b === "datetime") || (a === "datetime" && b === "date");
}

function commonType(call: Call, types: readonly ExpressionType[]): ExpressionType {
  const known = types.filter((type) => type !== "null");
  const first = known[0];
  if (first === undefined) return "null";
  if (known.every((type) => type === first)) return first;
  if (known.every((type) => numeric.includes(type))) return "number";
  if (known.every((type) => texts.includes(type))) return "string";
  throw misfit(call, `its values have different types: ${known.join(", ")}`);
}

function misfit(call: Call, problem: string): AirCanError {
  return new AirCanError("expression-error", `${problem}:\n  ${printExpression(call)}`, {
    where: { expression: printExpression(call) },
  });
}
