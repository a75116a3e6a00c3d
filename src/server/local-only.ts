import type { Context, MiddlewareHandler } from "hono";
import { AirCanError } from "../base/errors.ts";
import type { ServerEnv } from "./parts.ts";

/** True for a host name or address that never leaves the machine. Ports and brackets are passed over. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[([^\]]*)\](:\d*)?$/, "$1").replace(/^([^:]*):\d*$/, "$1");
  return (
    /^localhost\.?$/i.test(name) ||
    /\.localhost$/i.test(name) ||
    name === "::1" ||
    /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(name)
  );
}

const reads = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Keeps a factory without tokens to its own machine: the peer and the `Host` must be loopback, so that a
 * foreign page cannot reach it by a name it points here (DNS rebinding), and a browser's request must come
 * from this very origin. With tokens, only requests that a browser signs by itself (Basic) are tested so.
 *
 * @throws AirCanError `forbidden`.
 */
export const localOnly: MiddlewareHandler<ServerEnv> = async (c, next) => {
  const hasTokens = await c.var.tokens.any();
  if (!hasTokens) requireLoopback(c);
  if (!hasTokens || c.req.header("authorization")?.startsWith("Basic ")) requireSameOrigin(c);
  await next();
};

function requireLoopback(c: Context<ServerEnv>): void {
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  const peer = c.env?.incoming?.socket.remoteAddress;
  if (isLoopback(host) && (peer === undefined || isLoopback(peer))) return;
  throw new AirCanError(
    "forbidden",
    `This factory has no tokens, so it answers this machine only, not ${host}.`,
    {
      hint: "Make a token with `aircan tokens create`, then send it with each request.",
      where: { host },
    },
  );
}

function requireSameOrigin(c: Context<ServerEnv>): void {
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  const foreign = origin !== undefined && hostOf(origin) !== host;
  const crossing = site !== undefined && site !== "same-origin" && site !== "none";
  const isLink = reads.has(c.req.method) && c.req.header("sec-fetch-mode") === "navigate";
  if (!foreign && (!crossing || isLink)) return;
  throw new AirCanError("forbidden", `Requests from other sites (${origin ?? site}) are not answered.`, {
    hint: "Use the factory's own page, or a token as `Authorization: Bearer`.",
    where: { origin: origin ?? null },
  });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
