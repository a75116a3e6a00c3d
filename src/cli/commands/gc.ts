import type { Command } from "commander";
import type { GarbageFacts } from "../../server/admin-contract.ts";
import { countText } from "../cell-text.ts";
import { action, type Invocation } from "../command.ts";
import { wholeNumber } from "../reading-options.ts";
import { withApi } from "./api-client.ts";
import { addClientCommand } from "./client-options.ts";

interface GcOptions {
  readonly olderThan?: number;
  readonly dryRun?: boolean;
}

const usualDays = 30;

/** `aircan gc`: deletes old runs with their files, and says why the others stay. */
export function addGcCommand(program: Command): void {
  addClientCommand(program, {
    usage: "gc",
    summary: "delete runs that ended long ago, with their files",
    example: "aircan gc --dry-run\naircan gc --older-than 90",
  })
    .option("--older-than <days>", `ended this many days ago (${usualDays})`, wholeNumber(0))
    .option("--dry-run", "delete nothing, only say what would go")
    .action(action(collect));
}

async function collect(invocation: Invocation<GcOptions>): Promise<undefined> {
  const { olderThan = usualDays, dryRun = false } = invocation.options;
  const report = await withApi(invocation, (api) =>
    api.send<GarbageFacts>("POST", "/api/gc", { older_than_days: olderThan, dry_run: dryRun }),
  );
  invocation.output.result(report, () =>
    [
      ...report.runs.map((run) => `${dryRun ? "would go" : "deleted"}  ${run}`),
      ...report.kept.map(({ run, why }) => `kept     ${run}: ${why}`),
      `${countText(report.runs.length)} runs ${dryRun ? "would go" : "deleted"}, ${countText(report.kept.length)} kept`,
    ].join("\n"),
  );
}
