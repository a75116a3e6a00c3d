import type { Verdict } from "./reports.ts";

export type BadgeStyle = "flat" | "flat-square";

const looks: Readonly<Record<Verdict, { readonly text: string; readonly colour: string }>> = {
  valid: { text: "valid", colour: "#2a7d3c" },
  invalid: { text: "invalid", colour: "#c0392b" },
  error: { text: "error", colour: "#a85d00" },
  unknown: { text: "unknown", colour: "#6b7280" },
};

/** A badge as SVG, 20 pixels high, in the two styles that badges have everywhere. */
export function badgeSvg(verdict: Verdict, label: string, style: BadgeStyle): string {
  const { text, colour } = looks[verdict];
  const [left, right] = [widthOf(label), widthOf(text)];
  const width = left + right;
  const round = style === "flat" ? ' rx="3"' : "";
  const shine =
    style === "flat"
      ? `<linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" stop-opacity=".1"/><stop offset="1" stop-opacity=".1"/></linearGradient>`
      : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${escaped(`${label}: ${text}`)}">
<title>${escaped(`${label}: ${text}`)}</title>${shine}
<clipPath id="r"><rect width="${width}" height="20"${round} fill="#fff"/></clipPath>
<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#4b5563"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/>${
    shine && `<rect width="${width}" height="20" fill="url(#s)"/>`
  }</g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
<text x="${left / 2}" y="14">${escaped(label)}</text><text x="${left + right / 2}" y="14">${escaped(text)}</text></g>
</svg>
`;
}

/** About what the text takes in Verdana at 11 pixels, with its margins. */
function widthOf(text: string): number {
  let width = 0;
  for (const sign of text)
    width += /[ijl.,:;|!'() ]/.test(sign) ? 4 : /[mwMW%@]|[^\x20-\x7e]/.test(sign) ? 10.5 : 7;
  return Math.round(width + 10);
}

/** A text for XML 1.0, which has no control characters. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text
    .replace(/[^\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/g, (sign) => names[sign] ?? sign);
}
