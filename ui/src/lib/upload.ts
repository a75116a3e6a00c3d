import { authHeaders } from "./api.ts";
import type { RunAccepted } from "./contract.ts";
import { errorOfResponse, unreachable } from "./error.ts";

interface UploadOptions {
  /** From 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal;
}

/** Sends a form with a file. Not `fetch`, because that does not say how much has been sent. */
export function upload(path: string, form: FormData, options: UploadOptions): Promise<RunAccepted> {
  const request = new XMLHttpRequest();
  request.open("POST", path);
  for (const [name, value] of Object.entries(authHeaders())) request.setRequestHeader(name, value);
  request.setRequestHeader("accept", "application/json");
  request.upload.onprogress = ({ loaded, total }) => options.onProgress(total === 0 ? 0 : loaded / total);
  options.signal.addEventListener("abort", () => request.abort(), { once: true });
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    request.onload = () => answerOf(request).then(resolve, reject);
    request.send(form);
  });
}

async function answerOf(request: XMLHttpRequest): Promise<RunAccepted> {
  const { status, statusText, responseText } = request;
  const response = new Response(responseText, { status, statusText });
  if (!response.ok) throw await errorOfResponse(response);
  // The border to the network, see `get`.
  return (await response.json()) as RunAccepted;
}
