import type { ReportTask } from "./report.ts";
import { counted } from "./report-groups.ts";
import { html, type Markup } from "./report-markup.ts";

const mostFields = 12;

/** How many errors there are of each kind, and in each field. */
export function countTables(task: ReportTask): Markup {
  const kinds = Object.entries(task.stats.errorCounts).filter(([, count]) => count > 0);
  const byField = Map.groupBy(
    task.errors.filter(({ tags, fieldName }) => tags.includes("#cell") && fieldName),
    ({ fieldName = "" }) => fieldName,
  );
  const fields = Array.from(byField, ([name, errors]): [string, number] => [name, errors.length]);
  const isCut = kinds.reduce((sum, [, count]) => sum + count, 0) > task.errors.length;
  if (kinds.length === 0) return html``;
  return html`<div class="counts">${countTable("Errors by kind", kinds)}${
    fields.length > 0
      ? countTable(
          `By field${isCut ? `, of the ${counted(task.errors.length, "error")} listed` : ""}`,
          fields,
        )
      : ""
  }</div>`;
}

function countTable(title: string, counts: readonly (readonly [string, number])[]): Markup {
  const sorted = counts.toSorted(([, a], [, b]) => b - a);
  const most = sorted[0]?.[1] ?? 1;
  const more = sorted.length - mostFields;
  const rows = sorted
    .slice(0, mostFields)
    .map(
      ([name, count]) =>
        html`<tr><td>${name}</td><td class="meter"><span class="bar" style="width:${Math.round((count / most) * 100)}%"></span></td><td class="num">${count.toLocaleString("en-US")}</td></tr>`,
    );
  return html`<table><thead><tr><th colspan="3">${title}</th></tr></thead><tbody>${rows}</tbody>${
    more > 0 ? html`<tfoot><tr><td colspan="3" class="soft">and ${more} more</td></tr></tfoot>` : ""
  }</table>`;
}
