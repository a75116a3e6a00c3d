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

interface TriggerFormProps {
  readonly dag: Dag;
  readonly onClose: () => void;
}

/** A form made of the DAG's parameters; a run starts with what it holds. */
export function TriggerForm({ dag, onClose }: TriggerFormProps) {
  const { params, texts, write, faults, submit, trigger } = useTriggerForm(dag);
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
              onText={(text) => write(param.name, text)}
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

/** What the fields hold and what is wrong with it; `submit` starts the run and goes to its page. */
function useTriggerForm(dag: Dag) {
  const [, navigate] = useLocation();
  const params = paramsOf(dag.params);
  const presets = () => Object.fromEntries(params.map((param) => [param.name, presetText(param)]));
  const [texts, setTexts] = useState(presets);
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const trigger = useTrigger(dag.id);
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    const { conf, wrong } = read(params, texts);
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return;
    trigger.mutate(conf, { onSuccess: ({ run_id }) => navigate(runUrl({ id: run_id, dataset: null })) });
  };
  const write = (name: string, text: string) => setTexts({ ...texts, [name]: text });
  return { params, texts, write, faults, submit, trigger };
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
