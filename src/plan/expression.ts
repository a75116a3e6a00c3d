/** A value computed from the fields of one row; data, so that it can be checked, printed and compiled. */
export type Expression =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "literal"; readonly value: string | number | bigint | boolean | null }
  | { readonly kind: "call"; readonly operator: Operator; readonly arguments: readonly Expression[] };

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
  | "length"
  | "lower"
  | "upper"
  | "trim"
  | "contains"
  | "starts_with"
  | "ends_with"
  | "matches"
  | "replace"
  | "replace_pattern"
  | "coalesce"
  | "round"
  | "abs"
  | "if";
