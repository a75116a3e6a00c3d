import { CopyButton } from "../../components/copy-button.tsx";
import { DownloadLink } from "../../components/download-link.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { ScrollArea } from "../../components/scroll-area.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import type { Output, Run } from "../../lib/contract.ts";
import { formatBytes, formatNumber } from "../../lib/format.ts";
import { useOutputs } from "../../lib/run-queries.ts";
import { outputUrl } from "../../lib/urls.ts";

/** The files that a run's tasks wrote. */
export function OutputsPanel({ run }: { readonly run: Run }) {
  const outputs = useOutputs(run);
  if (outputs.isError) return <ErrorBox error={outputs.error} onRetry={() => void outputs.refetch()} />;
  if (outputs.data === undefined) return <Skeleton lines={4} height={36} />;
  if (outputs.data.items.length === 0) {
    return (
      <Empty icon="table" title="No outputs">
        Files appear here as the tasks write them.
      </Empty>
    );
  }
  return <OutputTable run={run} outputs={outputs.data.items} />;
}

function OutputTable({ run, outputs }: { readonly run: Run; readonly outputs: readonly Output[] }) {
  return (
    <ScrollArea label="Outputs">
      <table className="grid-table outputs-table">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">File</th>
            <th scope="col" className="number">
              Rows
            </th>
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col">Hash</th>
          </tr>
        </thead>
        <tbody>
          {outputs.map((output) => (
            <OutputRow key={output.address} run={run} output={output} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function OutputRow({ run, output }: { readonly run: Run; readonly output: Output }) {
  return (
    <tr>
      <td>{output.task}</td>
      <td>
        <DownloadLink
          plain
          href={outputUrl(run.id, output)}
          name={output.name}
          label={`Download ${output.name}`}
        >
          {output.name}
        </DownloadLink>
      </td>
      <td className="number">{formatNumber(output.rows)}</td>
      <td className="number">{formatBytes(output.bytes)}</td>
      <td>
        {output.hash !== null && (
          <span className="hash">
            <code title={output.hash}>{shortHash(output.hash)}</code>
            <CopyButton text={output.hash} label={`Copy the hash of ${output.name}`} />
          </span>
        )}
      </td>
    </tr>
  );
}

function shortHash(hash: string): string {
  const digits = hash.slice(hash.indexOf(":") + 1);
  return `${digits.slice(0, 10)}…`;
}
