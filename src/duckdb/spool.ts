import { join } from "node:path";
import type { LocalTable } from "../reading/local-table.ts";
import { readSource } from "../reading/open-source.ts";
import { originalEncoding } from "../reading/original-bytes.ts";
import { partPlaces } from "../reading/parts.ts";
import { normaliseRecords, type RecordFinding } from "../reading/tokenizer.ts";
import { createFindings } from "./findings.ts";
import { partTextOf, rememberParts } from "./part-text.ts";
import { dialectOf } from "./scan.ts";
import type { RunState } from "./state.ts";

/**
 * Goes through a text file with the strict tokenizer, once a run: sound records go to a normalised copy
 * that says where each stood, the others become findings.
 */
export async function spoolFile(state: RunState, table: LocalTable): Promise<void> {
  if (state.spools.has(table.path)) return;
  const { session } = state;
  const { name } = table.resource;
  rememberParts(session, name, await partPlaces(table, session.signal));
  const output = join(session.temporaryFolder, `spool-${session.nextNumber()}.csv`);
  const findings = await createFindings(session);
  const appender = await session.connection.createAppender(findings);
  const encoding = originalEncoding(table);
  const source = readSource({ ...table, source: name });
  const { reported } = await normaliseRecords(source, {
    dialect: dialectOf(table),
    encoding,
    width: table.columns.length,
    output,
    fits: state.fitsRows,
    signal: session.signal,
    onFinding: (finding) => {
      appender.appendVarchar(finding.code);
      appender.appendVarchar(name);
      appender.appendBigInt(BigInt(finding.row));
      for (const place of [finding.line, finding.byteOffset])
        if (table.isSpooled) appender.appendNull();
        else appender.appendBigInt(BigInt(place));
      appender.appendNull();
      appender.appendNull();
      appender.appendVarchar(finding.text);
      appender.appendVarchar(messageOf(finding, encoding) + partTextOf(session, name, finding.row));
      appender.endRow();
    },
  });
  appender.closeSync();
  state.spools.set(table.path, output);
  state.brokenRecords.set(table.path, { table: findings, count: reported });
}

function messageOf({ code, cells, expected }: RecordFinding, encoding: string): string {
  switch (code) {
    case "extra-cell":
    case "missing-cell":
      return `The row has ${cells} ${cells === 1 ? "cell" : "cells"}, but there are ${expected} columns.`;
    case "unclosed-quote":
      return "A quoted cell that begins in this row is never closed.";
    case "stray-quote":
      return "Text stands after a closing quote.";
    case "blank-row":
      return "The row has no value in any cell.";
    case "oversized-row":
      return "The row has more than 33 MB.";
    case "null-byte":
      return "The row holds a NUL byte.";
    case "encoding-error":
      return `The row has bytes that are not ${encoding}.`;
  }
}
