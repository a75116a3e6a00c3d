import { useId } from "react";
import { Prose } from "../../components/prose.tsx";
import type { Param } from "./params-schema.ts";

interface ParamFieldProps {
  readonly param: Param;
  readonly text: string;
  readonly fault: string | undefined;
  readonly onText: (text: string) => void;
}

/** The field for one parameter, of the kind that its schema asks for. */
export function ParamField({ param, text, fault, onText }: ParamFieldProps) {
  const id = useId();
  const shared = {
    id,
    "aria-describedby": `${id}-help`,
    "aria-invalid": fault === undefined ? undefined : true,
  } as const;
  return (
    <div className="field">
      <label htmlFor={id}>
        {param.title}
        {param.required && <span className="muted"> (required)</span>}
      </label>
      <Input param={param} text={text} onText={onText} shared={shared} />
      <span id={`${id}-help`} className={fault === undefined ? "muted" : "status-failed"}>
        <Prose text={fault ?? param.description} />
      </span>
    </div>
  );
}

interface InputProps extends Omit<ParamFieldProps, "fault"> {
  readonly shared: { readonly id: string; readonly "aria-describedby": string };
}

function Input({ param, text, onText, shared }: InputProps) {
  if (param.kind === "boolean") {
    return (
      <input
        {...shared}
        type="checkbox"
        checked={text === "true"}
        onChange={(event) => onText(String(event.target.checked))}
      />
    );
  }
  const field = {
    ...shared,
    className: "input",
    value: text,
    required: param.required,
    onChange: (event: { target: { value: string } }) => onText(event.target.value),
  };
  if (param.kind === "choice") {
    return (
      <select {...field}>
        {!param.required && <option value="">–</option>}
        {param.choices.map((choice) => (
          <option key={String(choice)}>{String(choice)}</option>
        ))}
      </select>
    );
  }
  if (param.kind === "json")
    return <textarea {...field} rows={3} className="input mono" spellCheck={false} />;
  if (param.kind === "number") return <input {...field} type="number" step={param.integer ? 1 : "any"} />;
  return <input {...field} type="text" placeholder={param.kind === "list" ? "one, another" : undefined} />;
}
