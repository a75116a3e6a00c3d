import { type DragEvent, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";
import { formatBytes } from "../../lib/format.ts";

interface FileDropProps {
  readonly file: File | null;
  readonly onFile: (file: File | null) => void;
}

/** A place to drop a file on, or to choose one with the keyboard or the mouse. */
export function FileDrop({ file, onFile }: FileDropProps) {
  const [over, setOver] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0] ?? null);
  };
  const forget = () => {
    if (field.current !== null) field.current.value = "";
    onFile(null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the field inside does the same
    <div
      className={`file-drop ${over ? "file-drop-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label>
        <input
          ref={field}
          className="visually-hidden"
          type="file"
          accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.parquet,.gz,.zst"
          onChange={(event) => onFile(event.target.files?.[0] ?? null)}
        />
        <Icon name={file === null ? "upload" : "table"} size={22} />
        {file === null ? (
          <span>
            Drop a file here, or <span className="link-like">choose one</span>
            <br />
            <span className="muted">CSV, JSON, NDJSON, Parquet; also .gz and .zst</span>
          </span>
        ) : (
          <span>
            <strong>{file.name}</strong>
            <br />
            <span className="muted">{formatBytes(file.size)}</span>
          </span>
        )}
      </label>
      {file !== null && <Button look="quiet" icon="cross" aria-label="Take the file away" onClick={forget} />}
    </div>
  );
}
