/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL constant. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** SQL constants between commas. */
export function texts(values: readonly string[]): string {
  return values.map(text).join(", ");
}

/** `a` and `b` with their parts between; `true` when there is none. */
export function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "true" : conditions.map((condition) => `(${condition})`).join(" AND ");
}

/** True if any condition is; `false` when there is none. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "false" : conditions.map((condition) => `(${condition})`).join(" OR ");
}
