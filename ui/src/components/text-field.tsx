import { useEffect, useRef, useState } from "react";
import { Icon } from "./icon.tsx";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** Told when the typing rests. */
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
}

const REST = 250;

function useRestingText({ value, onChange }: Pick<TextFieldProps, "value" | "onChange">) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next.trim()), REST);
  };
  return [text, write] as const;
}

/** A field for a short text under its label. */
export function TextField({ label, placeholder, ...rest }: TextFieldProps) {
  const [text, write] = useRestingText(rest);
  return (
    <label>
      <span>{label}</span>
      <input
        className="input"
        placeholder={placeholder}
        value={text}
        onChange={(event) => write(event.target.value)}
      />
    </label>
  );
}

interface SearchFieldProps extends TextFieldProps {
  /** Takes the focus when it appears. */
  readonly eager?: boolean;
}

/** The field that `/` leads to. Escape leaves it. */
export function SearchField({ label, placeholder, eager = false, ...rest }: SearchFieldProps) {
  const [text, write] = useRestingText(rest);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (eager) field.current?.focus();
  }, [eager]);
  return (
    <label className="search-field">
      <span className="visually-hidden">{label}</span>
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="search"
        placeholder={placeholder}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <span className="kbd" aria-hidden="true">
        /
      </span>
    </label>
  );
}
