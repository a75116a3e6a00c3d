/** True for the address of a PostgreSQL database. */
export const isPostgres = (source: string): boolean => /^postgres(ql)?:\/\//i.test(source);
