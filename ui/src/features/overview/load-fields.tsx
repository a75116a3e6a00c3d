import type { InputHTMLAttributes } from "react";

interface FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

type TextInputProps = FieldProps & { readonly label: string } & Omit<
    InputHTMLAttributes<HTMLInputElement>,
    "value" | "onChange"
  >;

/** A short text under its label. */
export function TextInput({ label, value, onChange, ...rest }: TextInputProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input {...rest} className="input" value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

interface ChoiceProps extends FieldProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly title: string }[];
}

/** One of a few. */
export function Choice({ label, options, value, onChange }: ChoiceProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The types that the columns must have, for those who know them. */
export function SchemaField({ value, onChange }: FieldProps) {
  const fault = value.trim() === "" || isJson(value) ? "" : "This is not valid JSON.";
  return (
    <div className="field">
      <label className="field">
        <span>Types of the columns, as a Table Schema; else they are found from the data</span>
        <textarea
          ref={(field) => field?.setCustomValidity(fault)}
          className="input mono"
          rows={5}
          spellCheck={false}
          placeholder='{"fields": [{"name": "id", "type": "integer"}]}'
          aria-invalid={fault === "" ? undefined : true}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      {fault !== "" && <p className="status-failed">{fault}</p>}
    </div>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
