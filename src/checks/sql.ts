/** A name as an identifier of SQL. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A text as a constant of SQL. */
export const constant = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The column with the number of each row. */
export const row = name("aircan:row");

/** The text of a value, as SQL. */
export const textOf = (field: string): string => `CAST(${name(field)} AS VARCHAR)`;
