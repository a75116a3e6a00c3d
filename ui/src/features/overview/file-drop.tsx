import { useEffect, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";
import { formatBytes } from "../../lib/format.ts";

interface FileDropProps {
  readonly file: File | null;
  readonly onFile: (file: File | null) => void;
}

/** A place for a file: dropped anywhere on the page, or chosen with the keyboard or the mouse. */
export function FileDrop({ file, onFile }: FileDropProps) {
  const over = useDroppedFile(onFile);
  const field = useRef<HTMLInputElement>(null);
  const forget = () => {
    if (field.current !== null) field.current.value = "";
    onFile(null);
  };
  return (
    <div className={over ? "file-drop file-drop-over" : "file-drop"}>
      <label>
        <input
          ref={field}
          className="visually-hidden"
          type="file"
          accept={extensions}
          onChange={(event) => onFile(event.target.files?.[0] ?? null)}
        />
        <Icon name={file === null ? "upload" : "table"} size={22} />
        {file === null ? <Invitation /> : <Chosen file={file} />}
      </label>
      {file !== null && <Button look="quiet" icon="cross" aria-label="Take the file away" onClick={forget} />}
    </div>
  );
}

function Invitation() {
  return (
    <span>
      Drop a file here, or <span className="link-like">choose one</span>
      <br />
      <span className="muted">CSV, Excel, ODS, JSON, XML, Parquet …; also in zip and gz</span>
    </span>
  );
}

function Chosen({ file }: { readonly file: File }) {
  return (
    <span>
      <strong>{file.name}</strong>
      <br />
      <span className="muted">{formatBytes(file.size)}</span>
    </span>
  );
}

/** Takes files that are dropped anywhere, where the browser would leave the page for them; says whether one hovers. */
function useDroppedFile(onFile: (file: File | null) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useRef(onFile);
  take.current = onFile;
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const onDragOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const onDrop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      setOver(false);
      if (file === undefined) return;
      event.preventDefault();
      take.current(file);
    };
    addEventListener("dragover", onDragOver, { signal });
    addEventListener("dragleave", (event) => event.relatedTarget === null && setOver(false), { signal });
    addEventListener("drop", onDrop, { signal });
    return () => stop.abort();
  }, []);
  return over;
}

const extensions = [
  ...[".csv", ".tsv", ".tab", ".txt", ".json", ".ndjson", ".jsonl", ".geojson", ".xml", ".html"],
  ...[".xlsx", ".xls", ".xlsb", ".ods", ".parquet", ".arrow", ".sqlite", ".db"],
  ...[".gz", ".zst", ".bz2", ".xz", ".zip", ".tar"],
].join(",");
