import type { MapRelation, Relation, Row } from "../plan/relation.ts";
import { compile } from "./compile.ts";
import { rowsOf } from "./output.ts";
import type { RunState } from "./state.ts";

const watchedRows = 50;

/** Below this size it is not worth while to know what a function reads. */
const largeFile = 8_000_000;

/**
 * Calls a row function that may be called again with the first rows, to see which fields it reads: the
 * others need not be made values for it. Should it read another one later, the run is repeated with that.
 */
export async function watchReads(state: RunState, relation: MapRelation): Promise<void> {
  const { session } = state;
  if (!relation.pure || relation.target === null || session.inOrder || !isWorthWhile(state, relation)) return;
  const fields = compile(relation.input, state).columns.map(({ field }) => field.name);
  const read = new Set<string>();
  try {
    for await (const rows of rowsOf(state, relation.input, watchedRows))
      for (const row of rows) relation.apply(watched(row, fields, read));
  } catch {
    session.thrown = undefined; // the run itself will tell
    return;
  }
  state.reads.set(relation, read);
}

/** True for a large file with nothing above that must read it whole before it gives its first rows. */
function isWorthWhile(state: RunState, relation: Relation): boolean {
  if (relation.kind === "scan") return relation.table.bytes >= largeFile;
  if (relation.kind === "sort" || relation.kind === "distinct" || state.tables.has(relation)) return false;
  if (relation.kind === "map" && !relation.pure) return false;
  return "input" in relation && isWorthWhile(state, relation.input);
}

/** A row that notes what is read of it; whatever looks at it as a whole reads all. */
function watched(row: Row, fields: readonly string[], read: Set<string>): Row {
  const readAll = () => {
    for (const name of fields) read.add(name);
  };
  return new Proxy(row, {
    get: (target, key) => {
      if (key === "toJSON") readAll();
      if (typeof key === "string" && fields.includes(key)) read.add(key);
      return Reflect.get(target, key);
    },
    ownKeys: (target) => {
      readAll();
      return Reflect.ownKeys(target);
    },
  });
}
