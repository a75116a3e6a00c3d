import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { post } from "../../lib/api.ts";
import type { RunAccepted } from "../../lib/contract.ts";
import { upload } from "../../lib/upload.ts";

export const modes = [
  { value: "replace", title: "Replace the table" },
  { value: "append", title: "Append to the table" },
  { value: "upsert", title: "Update by key, add new rows" },
] as const;

export const policies = [
  { value: "fail", title: "Load nothing and show them" },
  { value: "report", title: "Load the good rows, report the others" },
  { value: "drop", title: "Leave their rows out" },
  { value: "clear", title: "Make them empty" },
  { value: "keep", title: "Keep them, as text" },
] as const;

export interface LoadRequest {
  readonly file: File | null;
  readonly url: string;
  readonly name: string;
  readonly mode: string;
  /** Names of fields with commas between. */
  readonly key: string;
  readonly on_error: string;
  /** `org/dataset`; empty: of none. */
  readonly dataset: string;
  /** A Table Schema as JSON text; empty: types are found from the data. */
  readonly schema: string;
  /** It is tested only: nothing is loaded. */
  readonly checkOnly: boolean;
}

/** A load on its way. */
export interface Load {
  /** `null`: nothing is being sent. */
  readonly progress: number | null;
  readonly error: unknown;
  readonly start: (request: LoadRequest) => void;
  readonly stop: () => void;
}

/** Sends what is to be loaded; tells the run that came of it. */
export function useLoad(onAccepted: (accepted: RunAccepted) => void): Load {
  const client = useQueryClient();
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stopper = useRef<AbortController>(null);
  const start = async (request: LoadRequest) => {
    stopper.current = new AbortController();
    setError(null);
    setProgress(0);
    try {
      const accepted = await sendLoad(request, setProgress, stopper.current.signal);
      void client.invalidateQueries({ queryKey: ["runs"] });
      onAccepted(accepted);
    } catch (thrown) {
      if (!stopper.current.signal.aborted) setError(thrown);
    } finally {
      setProgress(null);
    }
  };
  return { progress, error, start: (request) => void start(request), stop: () => stopper.current?.abort() };
}

function sendLoad(
  request: LoadRequest,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<RunAccepted> {
  const { file, url, name } = request;
  const path = request.checkOnly ? "/api/validate" : "/api/load";
  const how = request.checkOnly ? {} : { mode: request.mode, on_error: request.on_error };
  const dataset = request.dataset === "" ? {} : { dataset: request.dataset };
  const key =
    !request.checkOnly && request.mode === "upsert"
      ? request.key.split(",").map((field) => field.trim())
      : [];
  const schema = request.schema.trim();
  if (file === null) {
    const given = {
      ...(key.length > 0 ? { key } : {}),
      ...(schema === "" ? {} : { schema: JSON.parse(schema) }),
    };
    return post<RunAccepted>(path, { url, name, ...how, ...dataset, ...given });
  }
  const form = new FormData();
  for (const [field, value] of Object.entries({ name, ...how, ...dataset })) form.set(field, value);
  for (const field of key) form.append("key", field);
  if (schema !== "") form.set("schema", schema);
  // The file comes last, so that the server knows what to do with it before it arrives.
  form.set("file", file);
  return upload(path, form, { onProgress, signal });
}

/** A table's name from a file's name or address: `Cities 2020.csv.gz` gives `cities_2020`. */
export function tableNameOf(file: string): string {
  const last = file.split(/[?#]/)[0]?.split("/").at(-1) ?? "";
  const stem = last.replace(
    /(\.(csv|tsv|tab|txt|json|ndjson|jsonl|geojson|xml|html|xlsx?|xlsb|ods|parquet|arrow|sqlite|db|gz|zst|zip|bz2|xz|tar))+$/i,
    "",
  );
  return stem
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 63);
}
