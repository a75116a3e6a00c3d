import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { formatBytes } from "../../lib/format.ts";
import { runUrl } from "../../lib/urls.ts";
import { FileDrop } from "./file-drop.tsx";
import { Choice, SchemaField, TextInput } from "./load-fields.tsx";
import { type Load, type LoadRequest, modes, policies, tableNameOf, useLoad } from "./use-load.ts";

/** What the form holds; a name that nobody wrote follows the file's. */
type Draft = Omit<LoadRequest, "name" | "checkOnly"> & { readonly name: string | null };

const empty: Draft = {
  file: null,
  url: "",
  name: null,
  mode: "replace",
  key: "",
  on_error: "fail",
  dataset: "",
  schema: "",
};

/** Loads a file or an address into the DataStore and goes to the page of its run. */
export function LoadForm() {
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState(empty);
  const load = useLoad(({ run_id }) => navigate(runUrl({ id: run_id, dataset: draft.dataset || null })));
  const name = draft.name ?? tableNameOf(draft.file?.name ?? draft.url);
  const ready = (draft.file !== null || draft.url !== "") && name !== "";
  const submit = (event: React.SyntheticEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault();
    const checkOnly = event.nativeEvent.submitter?.getAttribute("value") === "check";
    if (ready) load.start({ ...draft, name, checkOnly });
  };
  return (
    <Card title="Load a file">
      <form className="load-form card-body" onSubmit={submit}>
        <LoadFields draft={{ ...draft, name }} onChange={(changes) => setDraft({ ...draft, ...changes })} />
        {load.error !== null && <ErrorBox error={load.error} title="The file was not accepted" />}
        <LoadFoot load={load} file={draft.file} ready={ready} />
      </form>
    </Card>
  );
}

interface LoadFieldsProps {
  readonly draft: Omit<LoadRequest, "checkOnly">;
  readonly onChange: (changes: Partial<LoadRequest>) => void;
}

function LoadFields({ draft, onChange }: LoadFieldsProps) {
  return (
    <>
      <FileDrop file={draft.file} onFile={(file) => onChange({ file })} />
      <TextInput
        label="or its address"
        type="url"
        placeholder="https://example.org/cities.csv"
        disabled={draft.file !== null}
        value={draft.url}
        onChange={(url) => onChange({ url })}
      />
      <TextInput
        label="Table"
        placeholder="cities"
        maxLength={63}
        value={draft.name}
        onChange={(name) => onChange({ name })}
      />
      <HowFields draft={draft} onChange={onChange} />
      <MoreFields draft={draft} onChange={onChange} />
    </>
  );
}

function HowFields({ draft, onChange }: LoadFieldsProps) {
  return (
    <>
      <Choice
        label="What happens to rows that are there"
        options={modes}
        value={draft.mode}
        onChange={(mode) => onChange({ mode })}
      />
      {draft.mode === "upsert" && (
        <TextInput
          label="Key fields"
          placeholder="id, year"
          required
          value={draft.key}
          onChange={(key) => onChange({ key })}
        />
      )}
      <Choice
        label="What happens to bad cells"
        options={policies}
        value={draft.on_error}
        onChange={(on_error) => onChange({ on_error })}
      />
    </>
  );
}

function MoreFields({ draft, onChange }: LoadFieldsProps) {
  return (
    <details className="more-fields">
      <summary>More</summary>
      <TextInput
        label="Dataset"
        placeholder="org/dataset"
        pattern="[^\/\s]+\/[^\/\s]+"
        title="org/dataset"
        value={draft.dataset}
        onChange={(dataset) => onChange({ dataset })}
      />
      <SchemaField value={draft.schema} onChange={(schema) => onChange({ schema })} />
    </details>
  );
}

interface LoadFootProps {
  readonly load: Load;
  readonly file: File | null;
  readonly ready: boolean;
}

function LoadFoot({ load, file, ready }: LoadFootProps) {
  const sending = load.progress !== null;
  return (
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
      {!sending && (
        <Button type="submit" value="check" icon="check" disabled={!ready} title="Tests it and loads nothing">
          Check only
        </Button>
      )}
      <Button type="submit" look="primary" icon="upload" pending={sending} disabled={!ready}>
        {sending ? "Sending" : "Load"}
      </Button>
    </div>
  );
}
