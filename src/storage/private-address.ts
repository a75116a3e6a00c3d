import { lookup } from "node:dns";
import { lookup as lookupAll } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { AirCanError } from "../base/errors.ts";

/** What of private networks may be reached. */
export interface Reaching {
  /** Private, loopback and link-local addresses: all, or these hosts. */
  readonly allowPrivate: boolean | readonly string[];
}

const privateAddresses = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  privateAddresses.addSubnet(net, prefix, "ipv4");
  // the same networks as gateways between IPv6 and IPv4 write them: NAT64 (RFC 6052), 6to4 (RFC 3056)
  privateAddresses.addSubnet(`64:ff9b::${net}`, 96 + prefix, "ipv6");
  privateAddresses.addSubnet(`2002:${hexOf(net)}::`, 16 + prefix, "ipv6");
}
for (const [net, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  privateAddresses.addSubnet(net, prefix, "ipv6");
}

/** An IPv4 address as two groups of IPv6. */
function hexOf(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** True for an address inside a private, loopback, link-local, shared or multicast network. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return isPrivateAddress(mapped);
  return privateAddresses.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function isAllowed(host: string, { allowPrivate }: Reaching): boolean {
  return typeof allowPrivate === "boolean" ? allowPrivate : allowPrivate.includes(host);
}

function privateError(host: string): AirCanError {
  return new AirCanError(
    "unsafe-path",
    `${host} is an address in a private network, which is not allowed here.`,
    {
      hint: "Use a public address. On a server, allow the host with AIRCAN_ALLOW_PRIVATE_URLS; where a descriptor from elsewhere names it, give `--trusted` if you trust that.",
      where: { host },
    },
  );
}

/** Refuses a host that is written as a private address. @throws AirCanError `unsafe-path`. */
export function requirePublic({ hostname }: URL, reaching: Reaching): void {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) && isPrivateAddress(host) && !isAllowed(hostname, reaching)) throw privateError(hostname);
}

type Lookup = typeof lookup;

/** `dns.lookup` that refuses names of private addresses when the connection is made. */
export function safeLookup(reaching: Reaching): Lookup {
  const safe = (host: string, settings: object, done: (error: Error | null, ...rest: unknown[]) => void) => {
    lookup(host, settings, (error, address: unknown, family: unknown) => {
      const all = Array.isArray(address) ? address : [{ address, family }];
      const bad =
        !error && !isAllowed(host, reaching) && all.some((entry) => isPrivateAddress(String(entry.address)));
      done(error ?? (bad ? privateError(host) : null), address, family);
    });
  };
  return safe as Lookup; // the overloads of lookup cannot be written as one function
}

/**
 * The address to connect to for the host of a URL, for clients that take no lookup of their own.
 *
 * @throws AirCanError `unsafe-path` if any of its addresses is private; what `dns.lookup` throws.
 */
export async function publicAddress(url: URL, reaching: Reaching): Promise<string> {
  requirePublic(url, reaching);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const found = await lookupAll(host, { all: true });
  if (!isAllowed(url.hostname, reaching) && found.some(({ address }) => isPrivateAddress(address)))
    throw privateError(host);
  return found[0]?.address ?? host;
}
