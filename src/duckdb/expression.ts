import { AirCanError } from "../base/errors.ts";
import { Temporal } from "../base/temporal.ts";
import type { Field } from "../descriptor/types.ts";
import type { Expression, Operator } from "../plan/expression.ts";
import type { SqlType } from "./cell.ts";
import { identifier, text } from "./sql.ts";
import { textForm } from "./text-form.ts";

/** One column of a compiled relation: its field, and how its values lie. */
export interface Column {
  readonly field: Field;
  readonly type: SqlType;
}

/** An expression as SQL, and how its values lie. */
export interface CompiledExpression {
  readonly sql: string;
  readonly type: SqlType;
  /** The field, when the expression is one unchanged. */
  readonly field?: Field;
}

/** Compiles an expression over the columns of its input. */
export function compileExpression(expression: Expression, columns: readonly Column[]): CompiledExpression {
  if (expression.kind === "field") return compileField(expression.name, columns);
  if (expression.kind === "literal") return compileLiteral(expression.value);
  const args = expression.arguments.map((argument) => compileExpression(argument, columns));
  return compileCall(expression.operator, args);
}

function compileField(name: string, columns: readonly Column[]): CompiledExpression {
  const column = columns.find(({ field }) => field.name === name);
  if (!column) throw new AirCanError("bug", `The compiled relation lacks the field "${name}".`);
  return { sql: identifier(name), type: column.type, field: column.field };
}

function compileLiteral(value: string | number | bigint | boolean | null): CompiledExpression {
  if (value === null) return { sql: "NULL", type: "NULL" };
  if (typeof value === "string") return { sql: text(value), type: "VARCHAR" };
  if (typeof value === "boolean") return { sql: String(value), type: "BOOLEAN" };
  if (typeof value === "bigint") return { sql: `CAST(${text(String(value))} AS HUGEINT)`, type: "HUGEINT" };
  return Number.isSafeInteger(value)
    ? { sql: `CAST(${value} AS BIGINT)`, type: "BIGINT" }
    : { sql: `CAST(${text(String(value))} AS DOUBLE)`, type: "DOUBLE" };
}

type Arguments = readonly CompiledExpression[];
const bool = (sql: string): CompiledExpression => ({ sql, type: "BOOLEAN" });
const varchar = (sql: string): CompiledExpression => ({ sql, type: "VARCHAR" });

function compileCall(operator: Operator, args: Arguments): CompiledExpression {
  switch (operator) {
    case "and":
    case "or":
      return bool(`(${args.map(({ sql }) => sql).join(` ${operator.toUpperCase()} `)})`);
    case "not":
      return bool(`(NOT ${first(args).sql})`);
    case "is_null":
      return bool(`(${first(args).sql} IS NULL)`);
    case "=":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(operator, args);
    case "in":
      return bool(`(${anyEqual(args)})`);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "negate":
    case "abs":
    case "round":
      return arithmetic(operator, args);
    case "coalesce":
      return common(args, (parts) => `coalesce(${parts.join(", ")})`);
    case "if":
      return common(args.slice(1), ([yes, no]) => `CASE WHEN ${first(args).sql} THEN ${yes} ELSE ${no} END`);
    default:
      return textCall(operator, args);
  }
}

function first(args: Arguments): CompiledExpression {
  return args[0] ?? { sql: "NULL", type: "NULL" };
}

function compare(operator: string, args: Arguments): CompiledExpression {
  const [left, right] = alike(first(args), args[1] ?? first(args));
  return bool(`(${left} ${operator} ${right})`);
}

function anyEqual(args: Arguments): string {
  return args
    .slice(1)
    .map((item) => alike(first(args), item).join(" = "))
    .join(" OR ");
}

/** Both sides in a type in which they can be compared. */
function alike(left: CompiledExpression, right: CompiledExpression): [string, string] {
  if (isNumber(left) && isNumber(right)) {
    const exact = [left, right].every(({ type }) => ["BIGINT", "INTEGER", "HUGEINT"].includes(type));
    return exact ? [left.sql, right.sql] : [double(left), double(right)];
  }
  return [readAs(left, right), readAs(right, left)];
}

const moments = ["DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_NS", "TIME_NS"];

/** A text constant beside a moment is read as that moment. */
function readAs(side: CompiledExpression, other: CompiledExpression): string {
  if (side.type === "VARCHAR" && moments.includes(other.type)) return `CAST(${side.sql} AS ${other.type})`;
  if (side.type === "VARCHAR" && other.type === "INTERVAL") return interval(side.sql);
  return side.type === "JSON" ? asText(side) : side.sql;
}

function interval(constant: string): string {
  const { months, days, micros } = durationParts(constant.slice(1, -1));
  return `(to_months(${months}) + to_days(${days}) + to_microseconds(${micros}))`;
}

function durationParts(iso: string): { months: number; days: number; micros: number } {
  const d = Temporal.Duration.from(iso);
  const seconds = (d.hours * 60 + d.minutes) * 60 + d.seconds;
  const fraction = d.milliseconds * 1000 + d.microseconds;
  return {
    months: d.years * 12 + d.months,
    days: d.weeks * 7 + d.days,
    micros: seconds * 1_000_000 + fraction,
  };
}

/** Numbers, and the digits that are carried as text because no number type holds them. */
function isNumber({ type, field }: CompiledExpression): boolean {
  if (type === "VARCHAR") return field?.type === "number" || field?.type === "integer";
  return ["BIGINT", "INTEGER", "HUGEINT", "DOUBLE"].includes(type) || type.startsWith("DECIMAL");
}

function double({ sql, type }: CompiledExpression): string {
  return type === "DOUBLE" ? sql : `CAST(${sql} AS DOUBLE)`;
}

function arithmetic(operator: Operator, args: Arguments): CompiledExpression {
  const whole = args.every(({ type }) => ["BIGINT", "INTEGER", "HUGEINT", "NULL"].includes(type));
  const wide = args.some(({ type }) => type === "HUGEINT") ? "HUGEINT" : "BIGINT";
  const [a = "NULL", b = "NULL"] =
    whole && operator !== "/" ? args.map(({ sql }) => `CAST(${sql} AS ${wide})`) : args.map(double);
  const type = whole && operator !== "/" ? wide : "DOUBLE";
  if (operator === "negate") return { sql: `(-${a})`, type };
  if (operator === "abs") return { sql: `abs(${a})`, type };
  if (operator === "round")
    return args.length === 1
      ? { sql: `CAST(round(${a}) AS BIGINT)`, type: "BIGINT" }
      : { sql: `round(${double({ sql: a, type })}, CAST(${b} AS INTEGER))`, type: "DOUBLE" };
  const divisor = operator === "/" || operator === "%" ? `nullif(${b}, 0)` : b;
  return { sql: `(${a} ${operator} ${divisor})`, type };
}

/** Values of one of which is chosen, in one type. */
function common(args: Arguments, build: (parts: string[]) => string): CompiledExpression {
  const known = args.filter(({ type }) => type !== "NULL");
  const type = known[0]?.type ?? "VARCHAR";
  if (known.every((each) => each.type === type)) {
    const field = known[0]?.field;
    return {
      sql: build(args.map(({ sql }) => sql)),
      type,
      ...(field && known.length === 1 ? { field } : {}),
    };
  }
  if (known.every(isNumber)) {
    const whole = known.every((each) => ["BIGINT", "INTEGER", "HUGEINT"].includes(each.type));
    const wide = whole ? "HUGEINT" : "DOUBLE";
    return { sql: build(args.map(({ sql }) => `CAST(${sql} AS ${wide})`)), type: wide };
  }
  return varchar(build(args.map(asText)));
}

/** A value as text. */
function asText({ sql, type, field }: CompiledExpression): string {
  return textForm(sql, field ?? { name: "", type: "string" }, type);
}

const textFunctions: Partial<Record<Operator, (args: readonly string[]) => CompiledExpression>> = {
  concat: ([a, b]) => varchar(`(${a} || ${b})`),
  lower: ([a]) => varchar(`lower(${a})`),
  upper: ([a]) => varchar(`upper(${a})`),
  trim: ([a]) => varchar(`trim(${a})`),
  contains: ([a, b]) => bool(`contains(${a}, ${b})`),
  starts_with: ([a, b]) => bool(`starts_with(${a}, ${b})`),
  ends_with: ([a, b]) => bool(`ends_with(${a}, ${b})`),
  matches: ([a, b]) => bool(`regexp_matches(${a}, ${b})`),
  replace: ([a, b, c]) => varchar(`replace(${a}, ${b}, ${c})`),
  replace_pattern: ([a, b, c]) => varchar(`regexp_replace(${a}, ${b}, ${c}, 'g')`),
};

function textCall(operator: Operator, args: Arguments): CompiledExpression {
  if (operator === "length") {
    const { sql, type } = first(args);
    const length = type === "JSON" ? `json_array_length(${sql})` : `length(${sql})`;
    return { sql: `CAST(${length} AS BIGINT)`, type: "BIGINT" };
  }
  const build = textFunctions[operator];
  if (!build) throw new AirCanError("bug", `The engine has no SQL for "${operator}".`);
  return build(args.map(asText));
}
