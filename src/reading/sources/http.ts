import { basename } from "node:path";
import { AirCanError } from "../../base/errors.ts";
import { decodePercents } from "../../storage/decode-percents.ts";
import type { Fetched } from "../../storage/http.ts";
import { cachedVersion, keepCopy, readCopy } from "./cache.ts";
import type { Incoming, SourceContext, SourceDefinition, SourceFacts } from "./definition.ts";
import { downloadAddress, isGoogleFile } from "./links.ts";

/** Files of web servers; links to Google Sheets, and to pages of files at GitHub and GitLab, too. */
export const http: SourceDefinition = {
  schemes: ["http", "https"],
  title: "web servers",
  open: async (source, context) => {
    const { openUrl } = await import("../../storage/http.ts"); // only who fetches waits for the client to load
    const address = downloadAddress(source);
    const headers = headersFor(address, context);
    const folder = headers === undefined && !hasUser(address) ? context.cacheFolder : undefined;
    const known = folder === undefined ? undefined : await cachedVersion(folder, address);
    const fetched = await openUrl(address, {
      ...context,
      ...(headers ? { headers } : {}),
      ...(known ? { known } : {}),
    });
    refuseLogin(source, fetched);
    const incoming = incomingOf(fetched);
    if (folder === undefined) return incoming;
    return fetched.status === 304
      ? { ...incoming, ...(await readCopy(folder, address)) }
      : { ...incoming, body: await keepCopy(folder, address, fetched) };
  },
};

const hasUser = (address: string) => URL.canParse(address) && new URL(address).username !== "";

function incomingOf(fetched: Fetched): Incoming {
  const { url, body, bytes, fileName } = fetched;
  return { body, bytes, fileName: fileName ?? nameIn(url), facts: factsOf(fetched) };
}

function nameIn(url: string): string {
  return decodePercents(basename(new URL(url).pathname)) || "index";
}

function factsOf({ etag, lastModified, status, contentType }: Fetched): SourceFacts {
  return {
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
    status,
    ...(contentType === null ? {} : { contentType }),
  };
}

/** The secret as a header, for the origin that it was given for and no other. */
function headersFor(address: string, { credentials }: SourceContext): Record<string, string> | undefined {
  if (credentials === undefined || !URL.canParse(address)) return undefined;
  if (new URL(address).origin !== credentials.origin) return undefined;
  const [, name, value] = /^([A-Za-z0-9-]+):\s*(.+)$/s.exec(credentials.value) ?? [];
  if (name !== undefined && value !== undefined) return { [name.toLowerCase()]: value };
  const { value: secret } = credentials;
  return { authorization: secret.includes(" ") ? secret : `Bearer ${secret}` };
}

/** Google answers with the page of its login, where others answer 403. */
function refuseLogin(source: string, { url, body }: Fetched): void {
  if (!isGoogleFile(source) || new URL(url).hostname !== "accounts.google.com") return;
  body.destroy();
  throw new AirCanError("scheme-error", `${source} may be seen by those only who log in at Google.`, {
    hint: "Share the file so that anyone with the link may see it.",
    where: { source },
  });
}
