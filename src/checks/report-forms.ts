import { located, withTables } from "./located.ts";
import type { Report } from "./report.ts";
import { reportCsv } from "./report-csv.ts";
import { reportHtml } from "./report-html.ts";
import { reportJunit } from "./report-junit.ts";
import { reportMarkdown } from "./report-markdown.ts";
import { reportSarif } from "./report-sarif.ts";

/** A way to write a report. */
export interface ReportForm {
  readonly title: string;
  readonly mediatype: string;
  readonly extension: string;
  /** The report as a text in this form. */
  readonly write: (report: Report) => string;
}

/** Every form of a report, by the name that the command line and the API have for it. */
export const reportForms = {
  html: {
    title: "a page to read and print",
    mediatype: "text/html; charset=utf-8",
    extension: "html",
    write: (report) => reportHtml(withTables(located(report))),
  },
  csv: {
    title: "a table of the errors",
    mediatype: "text/csv; charset=utf-8",
    extension: "csv",
    write: (report) => reportCsv(located(report)),
  },
  markdown: {
    title: "a comment for a pull request",
    mediatype: "text/markdown; charset=utf-8",
    extension: "md",
    write: (report) => reportMarkdown(withTables(located(report))),
  },
  sarif: {
    title: "SARIF for code scanning",
    mediatype: "application/sarif+json",
    extension: "sarif",
    write: (report) => reportSarif(located(report)),
  },
  junit: {
    title: "JUnit XML for CI",
    mediatype: "application/xml",
    extension: "xml",
    write: (report) => reportJunit(located(report)),
  },
} as const satisfies Readonly<Record<string, ReportForm>>;

export type ReportFormName = keyof typeof reportForms;

/** The names, in the order of the help. */
export const reportFormNames = Object.keys(reportForms) as readonly ReportFormName[]; // its own keys
