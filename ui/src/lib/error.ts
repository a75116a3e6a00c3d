import type { ErrorObject } from "./contract.ts";

/** What every failed request throws: the factory's error object, or one made up for a network that failed. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly error: ErrorObject;
  readonly status: number;

  constructor(error: ErrorObject, status: number) {
    super(error.message);
    this.error = error;
    this.status = status;
  }
}

/** Whether the factory understood and said no: asking again would not help. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.status >= 400 && thrown.status < 500;
}

/** The error object of anything thrown. */
export function errorObjectOf(thrown: unknown): ErrorObject {
  if (thrown instanceof ApiError) return thrown.error;
  return {
    code: "bug",
    kind: "bug",
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: "Reload the page; if it happens again, report it with this message.",
    where: {},
    docs: "docs/errors.md#bug",
  };
}

/** The factory cannot be reached: nothing listens, or the connection broke. */
export function unreachable(): ApiError {
  return new ApiError(
    {
      code: "unreachable",
      kind: "io",
      message: "The factory does not answer.",
      hint: "Check that `aircan serve` still runs; this page goes on by itself when it is back.",
      where: { address: location.origin },
      docs: "docs/errors.md",
    },
    0,
  );
}

/** The error object in an answer's body; the status in words if the body is something else. */
export async function errorOfResponse(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const inner = typeof body === "object" && body !== null && "error" in body ? body.error : body;
  if (isErrorObject(inner)) return new ApiError(inner, response.status);
  return new ApiError(
    {
      code: `http-${response.status}`,
      kind: "io",
      message: `The factory answered ${response.status} ${response.statusText}.`,
      hint: "Try again; look at the factory's log if it stays.",
      where: {},
      docs: "docs/errors.md",
    },
    response.status,
  );
}

function isErrorObject(value: unknown): value is ErrorObject {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}
