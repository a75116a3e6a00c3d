import { errorOfResponse, unreachable } from "./error.ts";

const TOKEN = "aircan.token";

/** The token of this browser tab, if the factory asked for one. */
export function getToken(): string | null {
  return sessionStorage.getItem(TOKEN);
}

/** Keeps a token for this browser tab only. */
export function setToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

/** Headers that every request carries. */
export function authHeaders(): Record<string, string> {
  const token = getToken();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** Sends a request; throws ApiError for a network that failed and for every status that is not 2xx. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { accept: "application/json", ...authHeaders(), ...init.headers };
  const response = await fetch(path, { ...init, headers }).catch((thrown: unknown) => {
    if (init.signal?.aborted) throw thrown;
    throw unreachable();
  });
  if (!response.ok) throw await errorOfResponse(response);
  return response;
}

/** GET of a JSON document. The caller names its type, which the factory's contract promises. */
export async function get<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  const response = await send(path, signal ? { signal } : {});
  // The border to the network: the contract's types are shared with the server that validates them.
  return (await response.json()) as Body;
}

/** POST of a JSON document. */
export async function post<Body>(path: string, body: unknown): Promise<Body> {
  const response = await send(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  // See `get`.
  return (await response.json()) as Body;
}

/** `path?a=1&b=2`, without the parameters that are empty. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text === "" ? path : `${path}?${text}`;
}
