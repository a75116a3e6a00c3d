/** Links that people copy from their browser, and the address of the file behind the page. */
const links: readonly (readonly [RegExp, (match: RegExpExecArray, url: URL) => string])[] = [
  // Google Sheets that were published to the web
  [
    /^https:\/\/docs\.google\.com\/spreadsheets\/d\/e\/([\w-]+)/,
    ([, id = ""], url) => `https://docs.google.com/spreadsheets/d/e/${id}/pub?${sheetQuery(url, "output")}`,
  ],
  // Google Sheets that anyone with the link may see
  [
    /^https:\/\/docs\.google\.com\/spreadsheets\/(?:u\/\d+\/)?d\/([\w-]+)/,
    ([, id = ""], url) => `https://docs.google.com/spreadsheets/d/${id}/export?${sheetQuery(url, "format")}`,
  ],
  [
    /^https:\/\/drive\.google\.com\/file\/d\/([\w-]+)/,
    ([, id = ""]) => `https://drive.google.com/uc?export=download&id=${id}`,
  ],
  [
    /^https:\/\/github\.com\/([^/]+\/[^/]+)\/(?:blob|raw)\/([^?#]+)/,
    ([, repository = "", path = ""]) => `https://raw.githubusercontent.com/${repository}/${path}`,
  ],
  [
    /^https:\/\/gitlab\.com\/(.+?)\/-\/blob\/([^?#]+)/,
    ([, project = "", path = ""]) => `https://gitlab.com/${project}/-/raw/${path}`,
  ],
];

/** The address to download from for a link to a page about the file; any other address is itself. */
export function downloadAddress(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  for (const [pattern, rewrite] of links) {
    const match = pattern.exec(url.href);
    if (match) return rewrite(match, url);
  }
  return address;
}

/** The export of one sheet: that of the link's `gid`, else the first; a format that is asked for is kept. */
function sheetQuery(url: URL, name: "format" | "output"): string {
  const gid = url.searchParams.get("gid") ?? /gid=(\d+)/.exec(url.hash)?.[1];
  const format = url.searchParams.get(name) ?? "csv";
  const query = new URLSearchParams({ [name]: format, ...(gid ? { gid } : {}) });
  if (gid && name === "output") query.set("single", "true");
  return query.toString();
}

/** True for an address of Google that sends who may not see the file to its login. */
export const isGoogleFile = (address: string) =>
  /^https:\/\/(docs|drive)\.google\.com\//.test(downloadAddress(address));
