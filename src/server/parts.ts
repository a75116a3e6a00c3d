import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import type pg from "pg";
import type { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Factory, Token } from "../factory/factory.ts";
import type { Registry } from "../flow/spec.ts";
import type { Engine } from "../plan/engine.ts";
import type { TokenBook } from "./token-book.ts";

/** What the server is made of; chosen by the command that starts it. */
export interface ServerParts {
  readonly factory: Factory;
  /** Reads the DataStore (`openPool`). */
  readonly pool: pg.Pool;
  /** The same for whole tables: slow readers of these must not keep the others waiting. */
  readonly dumpPool: pg.Pool;
  /** Writes Parquet; made when it is first needed. */
  readonly engine: () => Promise<Engine>;
  readonly processors: Registry;
  /** Folder of the built page; there may be none. */
  readonly uiFolder: string;
  readonly version: string;
  /** Bytes that one upload may have. */
  readonly maxUpload: number;
  /** True: no request needs a token. For callers within the process, who hold the database anyway. */
  readonly open: boolean;
  readonly log: Log;
}

/** What handlers find in their context. `Bindings` are empty when a test calls without a socket. */
export interface ServerEnv {
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    readonly tokens: TokenBook;
    /** Undefined while the factory has no tokens, and on public routes. */
    readonly caller: Token | undefined;
  };
}

export type App = OpenAPIHono<ServerEnv>;

/** An app whose requests are checked against the contract; what does not fit throws `usage-error`. */
export function createRoutes(): App {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error);
    },
  });
}

/** A value from a request in the shape of the contract. @throws AirCanError `usage-error`. */
export function readAs<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error);
}

function invalidRequest({ issues }: { readonly issues: readonly z.core.$ZodIssue[] }): AirCanError {
  const issue = issues[0];
  const place = issue?.path.join(".") ?? "";
  const what = place === "" ? "The request" : `"${place}" in the request`;
  return new AirCanError("usage-error", `${what} is not valid: ${issue?.message ?? "it does not fit"}.`, {
    hint: "Correct it; /api/docs describes every call.",
    where: place === "" ? {} : { param: place },
  });
}
