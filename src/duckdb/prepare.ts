import { AirCanError } from "../base/errors.ts";
import type { MapRelation, Relation, Row, ScanRelation } from "../plan/relation.ts";
import { canFail } from "./cast.ts";
import { isIdle, uniqueKeys } from "./check.ts";
import { compile } from "./compile.ts";
import { structuredColumns } from "./describe-table.ts";
import { diagnoseCast } from "./diagnose.ts";
import { diagnoseCheck, repeatsKeys } from "./diagnose-check.ts";
import { dataError } from "./findings.ts";
import { ingestRows } from "./ingest.ts";
import { callsInOrder, rowsOf } from "./output.ts";
import { isPlain, isText } from "./scan.ts";
import { CalledOutOfOrder, createTable, DataRefused, FieldMissed, inRowOrder, query } from "./session.ts";
import { spoolFile } from "./spool.ts";
import { type RunState, relationsOf } from "./state.ts";
import { watchReads } from "./watch-reads.ts";

/**
 * Does what must be done before the relations can be read: rows of JavaScript are taken in, what several
 * read is computed once, keys are looked at, and the cells below row functions are tested, so that no
 * function meets a row twice.
 */
export async function prepare(state: RunState, roots: readonly Relation[]): Promise<void> {
  const uses = countUses(roots);
  const relations = new Set(roots.flatMap(relationsOf));
  await makeRoom(state, Math.max(0, ...[...relations].map(({ schema }) => schema.fields.length)));
  for (const relation of relations) await prepareOne(state, relation, uses);
}

/** Fields that a table may have before it is treated as a wide one. */
const usual = 500;
/** What the vectors of one field take, with those on the way to it. */
const kilobytesOfField = 256;

/** For tables of thousands of fields: memory for their vectors, and no optimizer, whose time grows with their square. */
async function makeRoom({ session }: RunState, fields: number): Promise<void> {
  if (fields <= usual) return;
  await query(session, "PRAGMA disable_optimizer");
  if (!session.mayGrow) return;
  await query(session, "SET threads = 1");
  await query(session, `SET memory_limit = '${512 + Math.ceil((fields * kilobytesOfField) / 1024)}MB'`);
}

type Uses = ReadonlyMap<Relation, ReadonlySet<Relation | number>>;

/** What reads each relation: other relations, or the outside (a number each). */
function countUses(roots: readonly Relation[]): Uses {
  const uses = new Map<Relation, Set<Relation | number>>();
  const note = (relation: Relation, user: Relation | number) =>
    uses.set(relation, (uses.get(relation) ?? new Set()).add(user));
  for (const [i, root] of roots.entries()) {
    note(root, i);
    for (const relation of relationsOf(root)) if ("input" in relation) note(relation.input, relation);
  }
  return uses;
}

async function prepareOne(state: RunState, relation: Relation, uses: Uses): Promise<void> {
  if (relation.kind === "scan") await prepareScan(state, relation, uses);
  if (relation.kind === "rows") await ingestRows(state, relation, relation.open());
  if (relation.kind === "transform") {
    await store(state, relation.input);
    await ingestRows(state, relation, relation.apply(eachRow(state, relation.input), relation.resource));
  }
  if (relation.kind === "check" && !isIdle(relation) && uniqueKeys(relation).length > 0)
    await attempt(state, relation.input, async () => {
      if (await repeatsKeys(state, relation)) await diagnoseCheck(state, relation);
    });
  if (relation.kind === "map" && !relation.pure && isDoubtful(state, relation.input))
    await store(state, relation.input);
  if (relation.kind === "map") await watchReads(state, relation);
  if (relation.kind === "errors") await verify(state, relation.of);
  if (mustBeStored(state, relation, uses)) await store(state, relation);
}

async function* eachRow(state: RunState, relation: Relation): AsyncGenerator<Row> {
  for await (const batch of rowsOf(state, relation)) yield* batch;
}

/** A file that only the tokenizer can read goes through it; broken records are the cast's above, or fatal. */
async function prepareScan(state: RunState, scan: ScanRelation, uses: Uses): Promise<void> {
  const { table } = scan;
  if (!isText(table)) {
    state.structured.set(table.path, await structuredColumns(state.session, table));
    return;
  }
  if (isPlain(table)) return;
  await spoolFile(state, table);
  const broken = state.brokenRecords.get(table.path);
  if (!broken || broken.count === 0) return;
  const casts = [...(uses.get(scan) ?? [])].filter(
    (user) => typeof user === "object" && user.kind === "cast",
  );
  for (const user of casts)
    if (typeof user === "object" && user.kind === "cast") await diagnoseCast(state, user);
  if (casts.length === 0) throw await brokenFile(state, scan, broken.table);
}

async function brokenFile(state: RunState, scan: ScanRelation, findings: string): Promise<AirCanError> {
  const as = {
    kind: "check",
    input: scan,
    schema: scan.schema,
    at: scan.at,
    onError: "fail",
    resource: scan.table.resource.name,
  } as const;
  return dataError(state.session, as, { tables: [findings], rows: 0 });
}

/** True if a cell below could still be refused. */
export function isDoubtful(state: RunState, relation: Relation): boolean {
  if (state.tables.has(relation)) return false;
  if (relation.kind === "scan") return isText(relation.table);
  if (relation.kind === "cast" && !state.casts.has(relation) && canFail(relation)) return true;
  if (relation.kind === "check" && !state.checks.has(relation) && !isIdle(relation)) return true;
  return "input" in relation && isDoubtful(state, relation.input);
}

/**
 * A relation lies in a table if several read it and it is dear, or if something above a row function that
 * may keep state could make DuckDB call it for fewer rows.
 */
function mustBeStored(state: RunState, relation: Relation, uses: Uses): boolean {
  if (state.tables.has(relation)) return false;
  const users = [...(uses.get(relation) ?? [])];
  const dear = relationsOf(relation).some(
    ({ kind }) => kind === "map" || kind === "sort" || kind === "distinct",
  );
  if (users.length > 1 && dear) return true;
  if (relation.kind !== "map" || relation.pure) return false;
  return users.some((user) => typeof user === "object" && !readsAll(user, relation));
}

/** True if a relation needs every row of the row function below it, and its result. */
function readsAll(user: Relation, map: MapRelation): boolean {
  if (user.kind === "map") return true;
  if (user.kind !== "project") return false;
  return user.columns.some(
    ({ value }) => value.kind === "field" && (map.target === null || value.name === map.target),
  );
}

/** Computes a relation into a table of the run. */
export async function store(state: RunState, relation: Relation): Promise<void> {
  if (state.tables.has(relation)) return;
  const stored = await attempt(state, relation, async () => {
    const { sql, columns } = compile(relation, state);
    const create = () => createTable(state.session, sql);
    const name = callsInOrder(state, relation) ? await inRowOrder(state.session, create) : await create();
    return { name, columns, placed: false };
  });
  state.tables.set(relation, stored);
}

/** Looks at casts and checks whose findings are wanted, whatever else reads them. */
async function verify(state: RunState, relations: readonly Relation[]): Promise<void> {
  for (const relation of relations) await diagnoseBelow(state, relation);
}

/** Tries to read; if the data is refused, finds out why and tries again as the policies say. */
export async function attempt<Result>(
  state: RunState,
  relation: Relation,
  read: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(await mayRepeat(state, error, [relation]))) throw asAirCanError(error);
    }
  }
}

/** True if what was read in hope is to be read again: the reason of its failure is known by now. */
export async function mayRepeat(
  state: RunState,
  error: unknown,
  roots: readonly Relation[],
): Promise<boolean> {
  const reason = innermost(error);
  if (reason instanceof CalledOutOfOrder) {
    state.session.thrown = undefined;
    state.session.inOrder = true;
    return true;
  }
  if (reason instanceof FieldMissed) {
    state.session.thrown = undefined;
    state.reads.set(reason.relation, new Set([...(state.reads.get(reason.relation) ?? []), reason.field]));
    return true;
  }
  if (!(reason instanceof DataRefused)) return false;
  let found = false;
  for (const root of roots) found = (await diagnoseBelow(state, root)) || found;
  return found;
}

/** What the engine threw; sinks may have wrapped it. */
function innermost(error: unknown): unknown {
  if ([DataRefused, CalledOutOfOrder, FieldMissed].some((kind) => error instanceof kind)) return error;
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;
}

/** Diagnoses every cast and check below that was optimistic; false if there was none. */
export async function diagnoseBelow(state: RunState, relation: Relation): Promise<boolean> {
  let found = false;
  for (const each of relationsOf(relation)) {
    if (each.kind === "cast" && !state.casts.has(each)) {
      await diagnoseCast(state, each);
      found = true;
    }
    if (each.kind === "check" && !state.checks.has(each)) {
      await diagnoseCheck(state, each);
      found = true;
    }
  }
  return found;
}

/** What DuckDB refused for a reason that no cast or check explains: a computation on a value it cannot take. */
export function asAirCanError(error: unknown): unknown {
  if (!(error instanceof DataRefused)) return error;
  return new AirCanError("data-error", `The engine refused a value: ${error.message}`, {
    hint: "Look at the values that the last steps compute with.",
    cause: error.cause,
  });
}
