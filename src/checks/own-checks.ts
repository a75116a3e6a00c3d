import { cellReader } from "../reading/types/registry.ts";
import { type CustomCheck, type CustomFinding, customError, findingsOf } from "./custom-check.ts";
import type { FindingList } from "./finding-list.ts";
import { missingTest } from "./missing-test.ts";
import type { ReportError } from "./report.ts";
import type { RowRules, TestedRow } from "./row-checker.ts";
import { rowDetails } from "./row-details.ts";

export interface OwnChecks {
  readonly row: (row: TestedRow) => void;
  readonly end: () => void;
}

/** Begins checks of one's own for a table; each row is given as values of its fields' types. */
export function beginOwnChecks(
  checks: readonly CustomCheck[],
  rules: RowRules,
  findings: FindingList,
): OwnChecks {
  const columns = rules.columns.map((field) => ({
    name: field?.name,
    read: field ? cellReader(field) : (text: string) => text,
    isMissing: missingTest(field?.missingValues ?? rules.missingValues),
  }));
  const fields = rules.columns.flatMap((field) => (field ? [{ name: field.name, type: field.type }] : []));
  const begun = checks.map((check) => ({ check, running: check.begin({ name: rules.table, fields }) }));
  const names = columns.map(({ name }) => name);
  return {
    row: (row) => {
      const known = columns.flatMap(({ name, read, isMissing }, i) => {
        const cell = row.cells[i] ?? null;
        const value = cell === null || isMissing(cell) ? null : (read(cell) ?? null);
        return name === undefined ? [] : [[name, value] as const];
      });
      const seen = { rowNumber: row.row, values: Object.fromEntries(known) };
      for (const { check, running } of begun)
        for (const finding of findingsOf(running.row?.(seen)))
          findings.add(check.name, () => ownError(check, { finding, row, names }));
    },
    end: () => {
      for (const { check, running } of begun)
        for (const finding of findingsOf(running.end?.()))
          findings.add(check.name, () => customError(check, "table", finding));
    },
  };
}

interface OwnFinding {
  readonly finding: CustomFinding;
  readonly row: TestedRow;
  readonly names: readonly (string | undefined)[];
}

function ownError(check: CustomCheck, { finding, row, names }: OwnFinding): ReportError {
  const place = finding.field === undefined ? -1 : names.indexOf(finding.field);
  const cell = place < 0 ? undefined : { name: finding.field ?? "", place };
  return { ...customError(check, cell ? "cell" : "row", finding), ...rowDetails(row.row, row, cell) };
}
