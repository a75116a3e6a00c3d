/** What a scan of XML tells. Names come without their prefix. */
export interface TagHandler {
  /** A start tag; of an empty element `close` follows. `attributes` is their text, for `attributeOf`. */
  readonly open: (name: string, attributes: string) => void;
  readonly close: (name: string) => void;
  /** Text between tags, entities decoded; it may come in parts. */
  readonly text: (text: string) => void;
}

export interface TagScanner {
  readonly write: (text: string) => void;
  /** @throws Error if the first element is not closed: the rest is missing. */
  readonly end: () => void;
}

/** Characters that one tag or text may have; more is no sheet. */
const maxToken = 64 * 1024 * 1024;

/**
 * Scans XML as it comes in, in parts cut anywhere: tags, texts, CDATA. It does not test that tags match, and
 * knows no entities but those of XML.
 *
 * @throws Error for a document type with declarations, and for a tag that does not end.
 */
export function tagScanner(handler: TagHandler): TagScanner {
  let rest = "";
  let root: string | undefined;
  let closed: string | undefined;
  const watched: TagHandler = {
    open(name, attributes) {
      root ??= name;
      handler.open(name, attributes);
    },
    close(name) {
      closed = name;
      handler.close(name);
    },
    text: handler.text,
  };
  return {
    write(part) {
      const text = rest === "" ? part : rest + part;
      rest = text.slice(scan(text, watched));
      if (rest.length > maxToken) throw new Error("a part of it is too long");
    },
    end() {
      if (root === undefined || closed !== root || rest.includes("<")) throw new Error("its end is missing");
    },
  };
}

/** Scans what is complete; gives the place of the first character that is not. */
function scan(text: string, handler: TagHandler): number {
  let at = 0;
  for (;;) {
    const start = text.indexOf("<", at);
    if (start < 0) return at;
    if (start > at) handler.text(decodeEntities(text.slice(at, start)));
    const end = scanMarkup(text, start, handler);
    if (end < 0) return start;
    at = end;
  }
}

/** The end of the markup at `start`; -1 if it is not complete. */
function scanMarkup(text: string, start: number, handler: TagHandler): number {
  const next = text.charCodeAt(start + 1);
  if (next === slash) {
    const end = text.indexOf(">", start);
    if (end >= 0) handler.close(localName(text.slice(start + 2, end).trimEnd()));
    return end < 0 ? -1 : end + 1;
  }
  if (next === bang || next === question) return scanOther(text, start, handler);
  const end = tagEnd(text, start);
  if (end < 0) return -1;
  openTag(text, { start, end }, handler);
  return end + 1;
}

function scanOther(text: string, start: number, handler: TagHandler): number {
  if (text.length < start + 9) return -1;
  if (text.startsWith("<!--", start)) return after(text, "-->", start);
  if (text.startsWith("<?", start)) return after(text, "?>", start);
  if (!text.startsWith("<![CDATA[", start)) {
    const end = after(text, ">", start);
    if (text.slice(start, end).includes("[")) throw new Error("it has a document type with declarations");
    return end;
  }
  const end = after(text, "]]>", start);
  if (end > 0) handler.text(text.slice(start + 9, end - 3));
  return end;
}

function after(text: string, mark: string, start: number): number {
  const found = text.indexOf(mark, start);
  return found < 0 ? -1 : found + mark.length;
}

const [slash, bang, question, doubleQuote, singleQuote, greater] = [47, 33, 63, 34, 39, 62];

/** The `>` that ends a tag, which may stand in its attributes too; -1 if it is not there. */
function tagEnd(text: string, start: number): number {
  let quote = 0;
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quote !== 0) {
      if (char === quote) quote = 0;
    } else if (char === greater) return at;
    else if (char === doubleQuote || char === singleQuote) quote = char;
  }
  return -1;
}

function openTag(text: string, { start, end }: { start: number; end: number }, handler: TagHandler): void {
  const isEmpty = text.charCodeAt(end - 1) === slash;
  const last = isEmpty ? end - 1 : end;
  let nameEnd = start + 1;
  while (nameEnd < last && text.charCodeAt(nameEnd) > 32) nameEnd++;
  const name = localName(text.slice(start + 1, nameEnd));
  handler.open(name, text.slice(nameEnd, last));
  if (isEmpty) handler.close(name);
}

const localName = (name: string) => (name.includes(":") ? name.slice(name.indexOf(":") + 1) : name);

/** Reads the attribute of a name, without prefix unless the name has one, from the text of a tag. */
export function attributeOf(name: string): (attributes: string) => string | undefined {
  const usual = ` ${name}="`;
  const any = new RegExp(`(?:^|\\s)(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
  return (attributes) => {
    const start = attributes.indexOf(usual);
    if (start >= 0) {
      const from = start + usual.length;
      return decodeEntities(attributes.slice(from, attributes.indexOf('"', from)));
    }
    if (isUsual(attributes) && !name.includes(":") && !attributes.includes(":")) return undefined;
    const found = any.exec(attributes);
    return found ? decodeEntities(found[1] ?? found[2] ?? "") : undefined;
  };
}

/** True if attributes are written with spaces before them, and double quotes. */
const isUsual = (attributes: string) => !/['\t\r\n]|\s=|=\s/.test(attributes);

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Text with the entities of XML as what they mean; unknown ones stay. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
