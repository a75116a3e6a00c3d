import type { CastRelation, CheckRelation, MapRelation, Relation } from "../plan/relation.ts";
import type { CastDecision } from "./cast.ts";
import type { CheckDecision } from "./check.ts";
import type { Compilation, StoredTable } from "./compile.ts";
import { testsOf } from "./constraint-function.ts";
import { type RegisteredFunction, registerRowFunction } from "./row-function.ts";
import type { StructuredColumn } from "./scan.ts";
import type { Session } from "./session.ts";

/** What one run has found out and computed so far. */
export interface RunState extends Compilation {
  readonly session: Session;
  readonly tables: Map<Relation, StoredTable>;
  readonly spools: Map<string, string>;
  readonly structured: Map<string, readonly StructuredColumn[]>;
  readonly casts: Map<CastRelation, CastDecision>;
  readonly checks: Map<CheckRelation, CheckDecision>;
  readonly findings: Map<CastRelation | CheckRelation, readonly string[]>;
  /** Findings of the tokenizer, by the file's path. */
  readonly brokenRecords: Map<string, { readonly table: string; readonly count: number }>;
  readonly reads: Map<MapRelation, ReadonlySet<string>>;
  /** Paths of text files of which is known that every record is a row, and that DuckDB reads them as they are. */
  readonly sound: Set<string>;
  /** True: rows of text with too many or too few cells, and blank lines, are rows too, cut or filled up. */
  readonly fitsRows: boolean;
}

export function newState(session: Session, { fitsRows = false } = {}): RunState {
  const functions = new Map<MapRelation, RegisteredFunction & { readonly types: string }>();
  const reads = new Map<MapRelation, ReadonlySet<string>>();
  return {
    session,
    tables: new Map(),
    spools: new Map(),
    structured: new Map(),
    casts: new Map(),
    checks: new Map(),
    findings: new Map(),
    brokenRecords: new Map(),
    reads,
    sound: new Set(),
    fitsRows,
    functionFor: (relation, columns) => {
      const read = reads.get(relation);
      const types = `${columns.map(({ type }) => type).join()} ${[...(read ?? [])].join()}`;
      const known = functions.get(relation);
      const registered =
        known?.types === types
          ? known
          : { ...registerRowFunction(session, relation, { columns, read }), types };
      functions.set(relation, registered);
      registered.restart();
      return registered.name;
    },
    testFor: testsOf(session),
  };
}

/** A relation and all below it, the lowest first, each once. */
export function relationsOf(relation: Relation): Relation[] {
  const inputs = relation.kind === "errors" ? relation.of : "input" in relation ? [relation.input] : [];
  return [...new Set([...inputs.flatMap(relationsOf), relation])];
}
