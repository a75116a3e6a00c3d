import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Token } from "../../factory/factory.ts";
import { createdToken, tokenList, tokenRequest } from "../admin-contract.ts";
import { answers, body, wholeList } from "../answers.ts";
import { allows } from "../auth.ts";
import { createRoutes, type ServerParts } from "../parts.ts";

const tags = ["Tokens"];

/** Tokens of this API. */
export function tokenRoutes({ factory: { tokens } }: ServerParts) {
  const app = createRoutes();
  app.openapi(list, async (c) => c.json(wholeList((await tokens.list()).map(shown)), 200));
  app.openapi(create, async (c) => {
    const { name, scopes } = c.req.valid("json");
    const { token, text } = await tokens.create(name, scopes);
    c.var.tokens.forget();
    return c.json({ ...shown(token), token: text }, 200);
  });
  app.openapi(revoke, async (c) => {
    await tokens.revoke(c.req.valid("param").token);
    c.var.tokens.forget();
    return c.json(wholeList((await tokens.list()).map(shown)), 200);
  });
  return app;
}

function shown({ lastUsed, ...token }: Token) {
  return { ...token, last_used: lastUsed };
}

const list = createRoute({
  ...allows("admin"),
  method: "get",
  path: "/api/tokens",
  tags,
  summary: "The tokens, without their texts",
  responses: answers("The tokens.", tokenList),
});

const create = createRoute({
  ...allows("admin"),
  method: "post",
  path: "/api/tokens",
  tags,
  summary: "Make a token; from the first one on, every call needs one",
  request: body(tokenRequest),
  responses: answers("The token with its text, which is given only now.", createdToken),
});

const revoke = createRoute({
  ...allows("admin"),
  method: "delete",
  path: "/api/tokens/{token}",
  tags,
  summary: "Revoke a token",
  request: { params: z.object({ token: z.string() }) },
  responses: answers("The tokens that are left.", tokenList),
});
