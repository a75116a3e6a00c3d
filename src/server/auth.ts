import type { MiddlewareHandler } from "hono";
import { AirCanError } from "../base/errors.ts";
import type { Scope } from "../factory/factory.ts";
import type { ServerEnv } from "./parts.ts";

/** What a token with a scope may do. */
const includes: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ["read"],
  run: ["read", "run"],
  admin: ["read", "run", "admin"],
};

/**
 * Lets a request pass whose token has the scope, or any if the factory has no tokens.
 *
 * @throws AirCanError `unauthorized` without a known token, `forbidden` without the scope.
 */
function requireScope(scope: Scope): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    if (await c.var.tokens.any()) {
      const text = credentialOf(c.req.header("authorization"));
      const caller = text === undefined ? undefined : await c.var.tokens.check(text);
      if (caller === undefined) {
        c.header("www-authenticate", 'Bearer realm="aircan"');
        throw new AirCanError(
          "unauthorized",
          text === undefined ? "This call needs a token." : "The token is not known here.",
        );
      }
      if (!caller.scopes.some((held) => includes[held].includes(scope)))
        throw new AirCanError("forbidden", `The token "${caller.name}" lacks the scope "${scope}".`, {
          where: { scopes: caller.scopes },
        });
      c.set("caller", caller);
    }
    await next();
  };
}

/** The token in an `Authorization` header: `Bearer <token>`, or Basic with it as password (or as user). */
export function credentialOf(header: string | undefined): string | undefined {
  const [, scheme, rest] = /^(\w+) +(\S+)$/.exec(header?.trim() ?? "") ?? [];
  if (scheme?.toLowerCase() === "bearer") return rest;
  if (scheme?.toLowerCase() !== "basic" || rest === undefined) return undefined;
  const [, user, password] = /^([^:]*):?(.*)$/s.exec(Buffer.from(rest, "base64").toString("utf8")) ?? [];
  return password || user || undefined;
}

/** The part of a route's definition that says who may call it. */
export function allows(scope: Scope) {
  return {
    security: [{ token: [] }],
    middleware: requireScope(scope),
    "x-scope": scope,
  };
}
