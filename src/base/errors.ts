import { catalogue, type ErrorCode } from "./catalogue.ts";

/** What went wrong in which sense: the caller's words, the data, the world outside, or ourselves. */
export type ErrorKind = "config" | "data" | "io" | "bug";

/** Where an error stands. Rows and fields count from 1; `line` is the physical line, `row` the record. */
export interface ErrorPlace {
  readonly flow?: string;
  readonly step?: string;
  readonly processor?: string;
  readonly resource?: string;
  readonly row?: number;
  readonly line?: number;
  readonly field?: string;
  readonly value?: string;
  readonly [key: string]: unknown;
}

/** The error object that users meet: API body, last line of the CLI, red box of the UI, row of `errors`. */
export interface ErrorObject {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly kind: ErrorKind;
  readonly where: ErrorPlace;
  readonly cause?: string;
  readonly docs: string;
  /** More that belongs to this error, such as the first bad cells and the count of each kind. */
  readonly details?: unknown;
}

export interface ErrorOptions {
  readonly hint?: string;
  readonly where?: ErrorPlace;
  readonly cause?: unknown;
  readonly details?: unknown;
}

/**
 * The only error AirCan throws. `code` is an entry of the catalogue, which gives kind, HTTP status and a
 * default hint; `message` says what and where, with the known values; `hint` says what to do.
 */
export class AirCanError extends Error {
  override readonly name = "AirCanError";
  readonly code: ErrorCode;
  readonly hint: string;
  readonly kind: ErrorKind;
  readonly where: ErrorPlace;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? catalogue[code].hint;
    this.kind = catalogue[code].kind;
    this.where = options.where ?? {};
    this.details = options.details;
  }

  get docs(): string {
    return `docs/errors.md#${this.code}`;
  }

  /** The same error, with more known of where it stands; what was known already wins. */
  at(where: ErrorPlace): AirCanError {
    return new AirCanError(this.code, this.message, {
      hint: this.hint,
      where: { ...where, ...this.where },
      cause: this.cause,
      details: this.details,
    });
  }

  toJSON(): ErrorObject {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      kind: this.kind,
      where: this.where,
      ...(this.cause === undefined ? {} : { cause: messageOf(this.cause) }),
      docs: this.docs,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Anything thrown, as an AirCanError: what is not ours becomes `bug`, with the original as cause. */
export function toAirCanError(thrown: unknown): AirCanError {
  if (thrown instanceof AirCanError) return thrown;
  return new AirCanError("bug", messageOf(thrown), { cause: thrown });
}
