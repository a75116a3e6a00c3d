import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { formatBytes } from "../../lib/format.ts";
import { runUrl } from "../../lib/urls.ts";
import { FileDrop } from "./file-drop.tsx";
import { modes, policies, tableNameOf, useLoad } from "./use-load.ts";

/** Loads a file or an address into the DataStore and goes to the page of its run. */
export function LoadForm() {
  const [, navigate] = useLocation();
  const [file, setFile] = useState<File | null>(null);
  const [url, setUrl] = useState("");
  const [name, setName] = useState<string | null>(null);
  const [key, setKey] = useState("");
  const [mode, setMode] = useState("replace");
  const [policy, setPolicy] = useState("fail");
  const [schema, setSchema] = useState("");
  const load = useLoad(({ run_id }) => navigate(runUrl({ id: run_id, dataset: null })));
  const suggestion = tableNameOf(file?.name ?? url);
  const table = name ?? suggestion;
  const ready = (file !== null || url !== "") && table !== "";
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    if (ready) load.start({ file, url, name: table, mode, key, on_error: policy, schema });
  };
  return (
    <Card title="Load a file">
      <form className="load-form card-body" onSubmit={submit}>
        <FileDrop file={file} onFile={setFile} />
        <label className="field">
          <span>or its address</span>
          <input
            className="input"
            type="url"
            placeholder="https://example.org/cities.csv"
            value={url}
            disabled={file !== null}
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <label className="field">
          <span>Table</span>
          <input
            className="input mono"
            placeholder="cities"
            value={table}
            maxLength={63}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <Choice label="What happens to rows that are there" options={modes} value={mode} onChange={setMode} />
        {mode === "upsert" && (
          <label className="field">
            <span>Key fields</span>
            <input
              className="input mono"
              required
              placeholder="id, year"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          </label>
        )}
        <Choice label="What happens to bad cells" options={policies} value={policy} onChange={setPolicy} />
        <SchemaField schema={schema} onSchema={setSchema} />
        {load.error !== null && <ErrorBox error={load.error} title="The file was not accepted" />}
        <div className="load-foot">
          {load.progress !== null && (
            <>
              <progress value={load.progress} aria-label="Sent" />
              <span className="muted number">
                {Math.round(load.progress * 100)} %{file !== null && ` of ${formatBytes(file.size)}`}
              </span>
              <Button onClick={load.stop}>Stop</Button>
            </>
          )}
          <Button
            type="submit"
            look="primary"
            icon="upload"
            pending={load.progress !== null}
            disabled={!ready}
          >
            {load.progress === null ? "Load" : "Sending"}
          </Button>
        </div>
      </form>
    </Card>
  );
}

interface SchemaFieldProps {
  readonly schema: string;
  readonly onSchema: (schema: string) => void;
}

/** The types that the columns must have, for those who know them. */
function SchemaField({ schema, onSchema }: SchemaFieldProps) {
  const fault = schema.trim() === "" || isJson(schema) ? "" : "This is not valid JSON.";
  return (
    <details className="schema-field">
      <summary>Types of the columns</summary>
      <label className="field">
        <span>A Table Schema as JSON; without one, types are found from the data</span>
        <textarea
          ref={(field) => field?.setCustomValidity(fault)}
          className="input mono"
          rows={5}
          spellCheck={false}
          placeholder='{"fields": [{"name": "id", "type": "integer"}]}'
          aria-invalid={fault === "" ? undefined : true}
          value={schema}
          onChange={(event) => onSchema(event.target.value)}
        />
      </label>
      {fault !== "" && <p className="status-failed">{fault}</p>}
    </details>
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

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly title: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, options, value, onChange }: ChoiceProps) {
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
