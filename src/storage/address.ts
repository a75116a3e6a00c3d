import { AirCanError } from "../base/errors.ts";

/**
 * An address with its `.`, empty parts and double slashes removed.
 *
 * @throws AirCanError `unsafe-path` if it is absolute or leaves its root.
 */
export function normaliseAddress(address: string): string {
  const parts = address.split("/").filter((part) => part !== "" && part !== ".");
  if (address.startsWith("/") || address.includes("\0") || address.includes("\\") || parts.includes("..")) {
    throw new AirCanError("unsafe-path", `The address "${address}" leaves its storage.`, {
      where: { address },
    });
  }
  return parts.join("/");
}
