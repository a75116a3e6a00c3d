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

/** More values than these are worth a table of their own. */
const comparedOneByOne = 30;

/**
 * True if a value is one of some SQL constants. `IN` becomes a join already for a handful of them, through
 * which all columns go, and of whose progress nothing is known.
 */
export function isOneOf(value: string, constants: readonly string[]): string {
  if (constants.length > comparedOneByOne) return `${value} IN (${constants.join(", ")})`;
  return `(${constants.map((constant) => `${value} = ${constant}`).join(" OR ") || "false"})`;
}

/** `a` and `b` with their parts between; `true` when there is none. */
export function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "true" : conditions.map((condition) => `(${condition})`).join(" AND ");
}

/** True if any condition is; `false` when there is none. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "false" : conditions.map((condition) => `(${condition})`).join(" OR ");
}
