import { Prose } from "../../components/prose.tsx";
import type { ReportTask } from "../../lib/contract.ts";

/** The causes behind many errors of a table at once, and what mends each. */
export function AdviceList({ task: { advice = [], valid } }: { readonly task: ReportTask }) {
  if (advice.length === 0) return null;
  return (
    <section className="advice-list">
      <h2>{valid ? "Is this the table that you mean?" : "What to do first"}</h2>
      <ol>
        {advice.map(({ cause, fix }) => (
          <li key={cause}>
            <strong>
              <Prose text={cause} />
            </strong>{" "}
            <Prose text={fix} />
          </li>
        ))}
      </ol>
    </section>
  );
}
