import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import type { Dag } from "../../lib/contract.ts";
import { useTrigger } from "../../lib/dag-queries.ts";
import { runUrl } from "../../lib/urls.ts";
import { ParamField } from "./param-field.tsx";
import { type Param, paramsOf, presetText, readParam } from "./params-schema.ts";

/** A form made of the DAG's parameters; a run starts with what it holds. */
export function TriggerForm({ dag, onClose }: { readonly dag: Dag; readonly onClose: () => void }) {
  const [, navigate] = useLocation();
  const params = paramsOf(dag.params);
  const [texts, setTexts] = useState(() =>
    Object.fromEntries(params.map((param) => [param.name, presetText(param)])),
  );
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const trigger = useTrigger(dag.id);
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    const { conf, wrong } = read(params, texts);
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return;
    trigger.mutate(conf, { onSuccess: ({ run_id }) => navigate(runUrl({ id: run_id, dataset: null })) });
  };
  return (
    <Dialog title={dag.title || dag.id} onClose={onClose}>
      <form onSubmit={submit}>
        <div className="dialog-body">
          {params.length === 0 && <p className="muted">It takes no parameters.</p>}
          {params.map((param) => (
            <ParamField
              key={param.name}
              param={param}
              text={texts[param.name] ?? ""}
              fault={faults[param.name]}
              onText={(text) => setTexts({ ...texts, [param.name]: text })}
            />
          ))}
          {trigger.isError && <ErrorBox error={trigger.error} title="The run was not started" />}
        </div>
        <div className="dialog-foot">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look="primary" icon="play" pending={trigger.isPending}>
            Start the run
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The conf that the fields give, and what is wrong with those that cannot be read. */
function read(params: readonly Param[], texts: Readonly<Record<string, string>>) {
  const conf: Record<string, unknown> = {};
  const wrong: Record<string, string> = {};
  for (const param of params) {
    try {
      const value = readParam(param, texts[param.name] ?? "");
      if (value !== undefined) conf[param.name] = value;
    } catch {
      wrong[param.name] = "This is not valid JSON.";
    }
  }
  return { conf, wrong };
}
