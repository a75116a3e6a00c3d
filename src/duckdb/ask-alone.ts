import type { DuckDBConnection } from "@duckdb/node-api";
import { AirCanError } from "../base/errors.ts";
import type { LoneAnswer, LoneQuery, RunOptions } from "../plan/engine.ts";
import type { Relation } from "../plan/relation.ts";
import { mergeCasts } from "../plan/rewrite.ts";
import { compile } from "./compile.ts";
import { answersOf, asked } from "./inquire.ts";
import { attempt, prepare } from "./prepare.ts";
import { openSession, query, withConnection } from "./session.ts";
import { identifier } from "./sql.ts";
import { newState, type RunState } from "./state.ts";

/** What a query from outside may write to disk while it is answered. */
const mostOnDisk = "20GB";

/** Answers a query of a user: its tables are copied in, and only then it runs, with no way out. */
export async function askAlone(query: LoneQuery, options: RunOptions = {}): Promise<LoneAnswer> {
  const session = await openSession(options);
  try {
    const state = newState(session, { fitsRows: true });
    for (const [name, relation] of Object.entries(query.tables))
      await copyIn(state, name, mergeCasts(relation));
    return await withConnection(session, (connection) => answerOf(connection, query)).catch((error) => {
      throw refused(error, query);
    });
  } catch (error) {
    throw asked(error);
  } finally {
    await session.close();
  }
}

async function answerOf(
  connection: DuckDBConnection,
  { sql, limit, seconds }: LoneQuery,
): Promise<LoneAnswer> {
  await connection.run(`SET max_temp_directory_size = '${mostOnDisk}'`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection.interrupt();
  }, seconds * 1000);
  try {
    const plain = await loneSelect(connection, sql);
    const rows = await answersOf(connection, `SELECT * FROM (\n${plain}\n) LIMIT ${limit}`);
    if (rows.length < limit) return { count: rows.length, rows };
    const [counted] = await answersOf(connection, `SELECT count(*) AS n FROM (\n${plain}\n)`);
    return { count: Number(counted?.n ?? rows.length), rows };
  } catch (error) {
    throw isLate ? tooLate(seconds, error) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** The query without a semicolon at its end. What holds several statements is none. */
async function loneSelect(connection: DuckDBConnection, sql: string): Promise<string> {
  const plain = sql.trim().replace(/;$/, "");
  const { count } = await connection.extractStatements(plain).catch(noStatement);
  if (count === 1) return plain;
  const what = count === 0 ? "is empty" : `has ${count} statements`;
  throw new AirCanError("data-error", `The query ${what}, where one \`SELECT\` is asked for.`, {
    hint: "Write one query; parts of it may stand in `WITH`.",
  });
}

/** How DuckDB's client says that there is no statement. */
function noStatement(error: unknown): { readonly count: number } {
  if (error instanceof Error && /native callback/.test(error.message)) return { count: 0 };
  throw error;
}

function tooLate(seconds: number, cause: unknown): AirCanError {
  const hint = "Make the query simpler: it may join too many rows with each other.";
  return new AirCanError("timeout", `The query takes longer than ${seconds} s.`, { hint, cause });
}

/** What is wrong with a query, with the tables that it can read; what it takes is its own fault, too. */
function refused(cause: unknown, { tables }: LoneQuery): unknown {
  const error = asked(cause);
  if (!(error instanceof AirCanError)) return error;
  if (error.code === "storage-error")
    return new AirCanError("data-error", "The query takes more memory or disk than it may have.", {
      hint: "Make it simpler, or let it give fewer and shorter values.",
      cause,
    });
  const [message = ""] = error.message.replace("Failed to extract statements: ", "").split("\nDid you mean");
  if (!/Table with name .* does not exist/.test(message))
    return new AirCanError(error.code, message, { hint: error.hint, cause });
  const names = [...new Set(Object.keys(tables))].join(", ");
  return new AirCanError(error.code, message, { hint: `The tables here are: ${names}.`, cause });
}

async function copyIn(state: RunState, name: string, relation: Relation): Promise<void> {
  await prepare(state, [relation]);
  await attempt(state, relation, () =>
    query(state.session, `CREATE OR REPLACE TABLE ${identifier(name)} AS ${compile(relation, state).sql}`),
  );
}
