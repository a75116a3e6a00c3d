/** Text that is HTML already. */
export interface Markup {
  readonly text: string;
}

type Part = string | number | Markup | readonly Part[];

/** HTML of a template: its own text as it stands, whatever is put into it escaped unless it is markup. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return markup(texts.map((text, i) => text + (i < parts.length ? textOf(parts[i] ?? "") : "")).join(""));
}

/** A text of ours that is HTML. */
export const markup = (text: string): Markup => ({ text });

function textOf(part: Part): string {
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "text" in part ? part.text : part.map(textOf).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters are shown as a sign; those that turn the order of letters around, too. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign)
    .replaceAll(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
