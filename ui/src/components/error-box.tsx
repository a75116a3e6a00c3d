import { type ReactNode, useState } from "react";
import { setToken } from "../lib/api.ts";
import type { ErrorObject } from "../lib/contract.ts";
import { errorObjectOf } from "../lib/error.ts";
import { formatCell } from "../lib/format.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Prose } from "./prose.tsx";

interface ErrorBoxProps {
  /** An error object, or anything thrown. */
  readonly error: ErrorObject | unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
  /** Something else that can be done about it. */
  readonly action?: ReactNode;
}

/** The one look of every error: what happened, what to do, where it stands, and its code. */
export function ErrorBox({ error, title, onRetry, action }: ErrorBoxProps) {
  const known = isErrorObject(error) ? error : errorObjectOf(error);
  return (
    <div className="error-box" role="alert">
      <Icon name="alert" size={18} />
      <div className="error-box-text">
        {title !== undefined && <h2>{title}</h2>}
        <p className="error-message">
          <Prose text={known.message} />
        </p>
        {known.hint !== "" && (
          <p>
            <Prose text={known.hint} />
          </p>
        )}
        <ErrorPlace error={known} />
        {known.code === "unauthorized" && <TokenForm />}
        {onRetry && (
          <Button icon="retry" onClick={onRetry}>
            Try again
          </Button>
        )}
        {action}
      </div>
    </div>
  );
}

/** What stands beside the error anyway, or is meant for programs. */
const untold = new Set(["dag", "task", "again"]);

function ErrorPlace({ error }: { readonly error: ErrorObject }) {
  const places = Object.entries(error.where).filter(
    ([name, value]) => !untold.has(name) && value !== undefined && value !== null,
  );
  return (
    <dl className="error-place">
      <div>
        <dt>code</dt>
        <dd>
          <code title={error.docs}>{error.code}</code>
        </dd>
      </div>
      {places.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{formatCell(value)}</code>
          </dd>
        </div>
      ))}
      {error.cause !== undefined && (
        <div>
          <dt>cause</dt>
          <dd>{error.cause}</dd>
        </div>
      )}
    </dl>
  );
}

function TokenForm() {
  const [token, change] = useState("");
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    setToken(token.trim());
    location.reload();
  };
  return (
    <form className="inline-form" onSubmit={submit}>
      <label>
        <span className="visually-hidden">Token</span>
        <input
          className="input"
          type="password"
          autoComplete="current-password"
          placeholder="Token"
          required
          value={token}
          onChange={(event) => change(event.target.value)}
        />
      </label>
      <Button type="submit" look="primary">
        Use this token
      </Button>
    </form>
  );
}

function isErrorObject(value: unknown): value is ErrorObject {
  return !(value instanceof Error) && typeof value === "object" && value !== null && "code" in value;
}
