/** A value computed from the fields of one row; data, so that it can be checked, printed and compiled. */
export type Expression =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "literal"; readonly value: string | number | bigint | boolean | null }
  | { readonly kind: "call"; readonly operator: Operator; readonly arguments: readonly Expression[] };

/** Functions that are written `name(a, b)`, with the number of arguments each takes. */
export const functions = {
  lower: [1, 1],
  upper: [1, 1],
  trim: [1, 1],
  length: [1, 1],
  contains: [2, 2],
  starts_with: [2, 2],
  ends_with: [2, 2],
  matches: [2, 2],
  replace: [3, 3],
  replace_pattern: [3, 3],
  coalesce: [1, 99],
  round: [1, 2],
  abs: [1, 1],
  if: [3, 3],
} as const satisfies Record<string, readonly [number, number]>;

/** Every operator and function of the expression language; the engine gives each its SQL. */
export type Operator =
  | "and"
  | "or"
  | "not"
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "negate"
  | "in"
  | "is_null"
  | "concat"
  | keyof typeof functions;

export const field = (name: string): Expression => ({ kind: "field", name });
export const literal = (value: string | number | bigint | boolean | null): Expression => ({
  kind: "literal",
  value,
});
export const call = (operator: Operator, ...args: readonly Expression[]): Expression => ({
  kind: "call",
  operator,
  arguments: args,
});

/** The names of the fields that an expression reads, each once. */
export function fieldsOf(expression: Expression): string[] {
  if (expression.kind === "field") return [expression.name];
  if (expression.kind === "literal") return [];
  return [...new Set(expression.arguments.flatMap(fieldsOf))];
}

/** The same expression with its fields replaced. */
export function substitute(expression: Expression, replace: (name: string) => Expression): Expression {
  if (expression.kind === "field") return replace(expression.name);
  if (expression.kind === "literal") return expression;
  return { ...expression, arguments: expression.arguments.map((argument) => substitute(argument, replace)) };
}
