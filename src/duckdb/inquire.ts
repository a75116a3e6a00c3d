import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { AirCanError } from "../base/errors.ts";
import type { Answer, AnswerValue, InquiredTable, Inquiry } from "../plan/engine.ts";
import type { Relation } from "../plan/relation.ts";
import { mergeCasts } from "../plan/rewrite.ts";
import { compile } from "./compile.ts";
import { scannedText } from "./diagnose.ts";
import { diagnoseBelow, prepare } from "./prepare.ts";
import { place } from "./scan.ts";
import { DataRefused, query, type Session, withConnection } from "./session.ts";
import { spoolFile } from "./spool.ts";
import { identifier } from "./sql.ts";
import type { RunState } from "./state.ts";

interface View extends InquiredTable {
  readonly relation: Relation;
  readonly name: string;
}

/** A place for questions about relations. A relation with bad cells is looked at exactly when an answer needs it. */
export function openInquiry(state: RunState): Inquiry {
  const views: View[] = [];
  return {
    table: async (relation, options = {}) => {
      const view = {
        ...options,
        relation: mergeCasts(relation),
        name: `aircan_${state.session.nextNumber()}`,
      };
      views.push(view);
      await prepareView(state, view);
      await createView(state, view);
      return view.name;
    },
    ask: async (sql) => {
      try {
        return await answers(state.session, sql);
      } catch (error) {
        if (!(error instanceof DataRefused) || !(await diagnoseViews(state, views))) throw asked(error);
        return answers(state.session, sql).catch((again: unknown) => {
          throw asked(again);
        });
      }
    },
  };
}

async function prepareView(state: RunState, { relation, firstRow }: View): Promise<void> {
  const table = scannedText(relation);
  if (table && firstRow === undefined) await spoolFile(state, table);
  if (table && typeof firstRow === "number") state.sound.add(table.path);
  await prepare(state, [relation]);
}

async function createView(state: RunState, { relation, name, firstRow }: View): Promise<void> {
  const placed = firstRow !== null;
  const { sql, columns } = compile(relation, state, { placed });
  const names = columns.map(({ field }) => identifier(field.name));
  const row = identifier(place.row);
  const number = `${row} + ${numberOfFirst(state, relation, firstRow) - 1} AS ${row}`;
  const select = [...(placed ? [number] : []), ...names].join(", ");
  await query(state.session, `CREATE OR REPLACE VIEW ${name} AS SELECT ${select} FROM (${sql})`);
}

/** Rows of a file that lies as it is are counted from 1 by DuckDB; those of what is no text begin with row 2. */
function numberOfFirst(state: RunState, relation: Relation, firstRow: number | null | undefined): number {
  const table = scannedText(relation);
  if (table === undefined) return 2;
  return state.spools.has(table.path) ? 1 : (firstRow ?? 1);
}

/** Finds out what the cells of all views are, as one of them has a bad one. False if nothing new was found. */
async function diagnoseViews(state: RunState, views: readonly View[]): Promise<boolean> {
  let found = false;
  for (const view of views) found = (await diagnoseBelow(state, view.relation)) || found;
  if (found) for (const view of views) await createView(state, view);
  return found;
}

/** What a question was refused for, as an error of the question. */
export function asked(error: unknown): unknown {
  if (!(error instanceof DataRefused)) return error;
  return new AirCanError("data-error", `The engine refused a question: ${error.message}`, {
    hint: "Look at the names and types that the question uses.",
    cause: error,
  });
}

function answers(session: Session, sql: string): Promise<readonly Answer[]> {
  return withConnection(session, (connection) => answersOf(connection, sql));
}

export async function answersOf(connection: DuckDBConnection, sql: string): Promise<readonly Answer[]> {
  const result = await connection.runAndReadAll(sql);
  const names = result.columnNames();
  return result
    .getRows()
    .map((row) => Object.fromEntries(names.map((name, i) => [name, plainValue(row[i] ?? null)])));
}

function plainValue(value: DuckDBValue): AnswerValue {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  return typeof value === "object" && value !== null ? String(value) : value;
}
