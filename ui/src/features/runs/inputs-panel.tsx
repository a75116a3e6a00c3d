import { CopyButton } from "../../components/copy-button.tsx";
import { ScrollArea } from "../../components/scroll-area.tsx";
import type { Run } from "../../lib/contract.ts";
import { formatTime } from "../../lib/format.ts";

/** What the run was asked to do, by whom, and the conf that it got. */
export function InputsPanel({ run }: { readonly run: Run }) {
  const conf = JSON.stringify(run.conf, null, 2);
  return (
    <div className="inputs">
      <Facts run={run} />
      <div className="code-block">
        <div className="code-block-head">
          <h3>conf</h3>
          <CopyButton text={conf} label="Copy the conf" />
        </div>
        <ScrollArea label="conf">
          <pre>{conf}</pre>
        </ScrollArea>
      </div>
    </div>
  );
}

function Facts({ run }: { readonly run: Run }) {
  const facts: readonly (readonly [string, string | null])[] = [
    ["Job", run.job_id],
    ["Job type", run.job_type],
    ["Started by", run.trigger],
    ["User", run.user],
    ["Dataset", run.dataset],
    ["Resource", run.resource],
    ["Note", run.note],
    ["Asked for", formatTime(run.created)],
  ];
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
