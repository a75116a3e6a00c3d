import { type Expression, functions, type Operator } from "./expression.ts";

const strength: Partial<Record<Operator, number>> = {
  or: 1,
  and: 2,
  not: 3,
  "=": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  in: 4,
  is_null: 4,
  concat: 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
  "%": 7,
  negate: 8,
};

const words = new Set(["and", "or", "not", "in", "is", "null", "between", "true", "false", "none"]);

/** The expression as text; `parseExpression` gives the same expression back. */
export function printExpression(expression: Expression): string {
  return print(expression, 0);
}

function print(expression: Expression, outer: number): string {
  if (expression.kind === "field") return printName(expression.name);
  if (expression.kind === "literal") return printLiteral(expression.value);
  const { operator, arguments: args } = expression;
  if (operator in functions) return `${operator}(${args.map((argument) => print(argument, 0)).join(", ")})`;
  const inner = strength[operator] ?? 0;
  const text = printOperator(operator, args, inner);
  return inner < outer ? `(${text})` : text;
}

function printOperator(operator: Operator, args: readonly Expression[], inner: number): string {
  const [first, second, ...rest] = args;
  if (first === undefined) return "";
  if (operator === "not") return `not ${print(first, inner)}`;
  if (operator === "negate") return `-${print(first, inner + 1)}`;
  if (operator === "is_null") return `${print(first, inner + 1)} is null`;
  if (second === undefined) return print(first, inner);
  if (operator === "in")
    return `${print(first, inner + 1)} in (${[second, ...rest].map((item) => print(item, 0)).join(", ")})`;
  const comparison = inner === 4 ? inner + 1 : inner;
  return `${print(first, comparison)} ${operator === "concat" ? "||" : operator} ${print(second, inner + 1)}`;
}

function printName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !words.has(name.toLowerCase())
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}

function printLiteral(value: string | number | bigint | boolean | null): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  return String(value);
}
