import { posix } from "node:path";
import { AirCanError } from "../base/errors.ts";
import { formatNamed } from "./formats/registry.ts";

/** A file in an archive. */
export interface Member {
  /** Its path in the archive. */
  readonly name: string;
  /** Unpacked. */
  readonly size: number;
}

/** What is added to a file's name when it is compressed. */
export const packedEnding = /\.(gz|zst|bz2|xz)$/i;

/**
 * The members of an archive that are to be read: the one of this name, those that fit the pattern (`*`, `?`,
 * `**`), or if nothing is told the largest table.
 *
 * @throws AirCanError `format-error` if there is none.
 */
export function chooseMembers<Found extends Member>(
  members: readonly Found[],
  told: string | undefined,
  source: string,
): readonly Found[] {
  const visible = members.filter(({ name }) => !isHidden(name));
  if (told === undefined) {
    const [first, ...others] = visible.filter(isTable).sort(tablesFirst);
    if (first) return [first];
    throw noMember(`${source} holds no table that can be read`, { source, members: [...visible, ...others] });
  }
  const exact = members.filter(({ name }) => name === told);
  const isInFolders = !told.includes("/"); // a pattern without folders means names, wherever they lie
  const fits = (name: string) => posix.matchesGlob(isInFolders ? posix.basename(name) : name, told);
  const found = exact.length > 0 ? exact : visible.filter(({ name }) => fits(name));
  if (found.length > 0) return found;
  throw noMember(`${source} holds no "${told}"`, { source, members: visible });
}

function noMember(text: string, told: { source: string; members: readonly Member[] }): AirCanError {
  const names = told.members.slice(0, 20).map(({ name }) => name);
  const more = told.members.length - names.length;
  const list = names.length === 0 ? "it is empty" : `it has ${names.join(", ")}`;
  return new AirCanError("format-error", `${text}; ${list}${more > 0 ? ` and ${more} more` : ""}.`, {
    hint: told.members.some(isTable)
      ? "Name a member of the archive with `--member`."
      : "Look at what was packed: `aircan formats` tells what can be read.",
    where: { source: told.source },
  });
}

/** What systems put into archives beside what people put there. */
function isHidden(name: string): boolean {
  return /(^|\/)(\.|__MACOSX\/|thumbs\.db$|desktop\.ini$)/i.test(name);
}

/** True for a member of a format that can be read, or an archive again. */
export function isTable({ name }: Member): boolean {
  const plain = name.replace(packedEnding, "");
  return (
    !isHidden(name) && (formatNamed(posix.extname(plain)) !== undefined || /\.(zip|tar|tgz)$/i.test(name))
  );
}

/** Text, and what describes a table beside it, only where nothing else is there; then by size. */
function tablesFirst(a: Member, b: Member): number {
  return rank(a) - rank(b) || b.size - a.size;
}

/** The tables of an archive but the one that is read, and but for what describes tables. */
export function otherTables(members: readonly Member[], read: Member): readonly string[] {
  const others = members.filter((each) => each.name !== read.name && isTable(each) && rank(each) < 2);
  return others.map(({ name }) => name);
}

const rank = ({ name }: Member) =>
  /(readme|licen[cs]e|metadata|datapackage\.json$)/i.test(name)
    ? 2
    : /\.(txt|dat|json|xml|html?)$/i.test(name.replace(packedEnding, ""))
      ? 1
      : 0;
