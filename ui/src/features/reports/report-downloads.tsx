import { DownloadLink } from "../../components/download-link.tsx";
import { Menu } from "../../components/menu.tsx";
import type { Output } from "../../lib/contract.ts";
import { formatCount } from "../../lib/format.ts";
import { outputUrl } from "../../lib/urls.ts";

const forms = [
  { format: "html", extension: "html", title: "Page to read and print (HTML)" },
  { format: "csv", extension: "csv", title: "Table of the errors (CSV)" },
  { format: "json", extension: "json", title: "Everything (JSON)" },
  { format: "markdown", extension: "md", title: "Markdown" },
  { format: "sarif", extension: "sarif", title: "SARIF" },
  { format: "junit", extension: "xml", title: "JUnit" },
] as const;

interface ReportDownloadsProps {
  /** Address of the report in the API. */
  readonly href: string;
  readonly name: string;
  /** Files of the run; the good and bad rows among them are offered too. */
  readonly rows?: { readonly run: string; readonly outputs: readonly Output[] };
}

/** The report in each of its forms, and the good and the bad rows. */
export function ReportDownloads({ href, name, rows }: ReportDownloadsProps) {
  const files = rows?.outputs.filter((output) => /\.(good|bad)\.csv$/.test(output.name)) ?? [];
  return (
    <Menu label="Download" icon="download">
      {forms.map(({ format, extension, title }) => (
        <li key={format}>
          <DownloadLink
            plain
            href={format === "json" ? href : `${href}?format=${format}`}
            name={`${name}.${extension}`}
            label={`Download the report: ${title}`}
          >
            {title}
          </DownloadLink>
        </li>
      ))}
      {rows !== undefined &&
        files.map((output) => (
          <li key={output.address} className="menu-extra">
            <DownloadLink
              plain
              href={outputUrl(rows.run, output)}
              name={output.name}
              label={`Download ${output.name}`}
            >
              {`${titleOf(output.name)}, ${formatCount(output.rows ?? 0, "row")} (CSV)`}
            </DownloadLink>
          </li>
        ))}
    </Menu>
  );
}

function titleOf(name: string): string {
  const [, table = name, kind] = /^(.*)\.(good|bad)\.csv$/.exec(name) ?? [];
  return `${kind === "good" ? "Good" : "Bad"} rows of ${table}`;
}
