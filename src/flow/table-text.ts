import { stripVTControlCharacters } from "node:util";
import type { Field } from "../descriptor/types.ts";
import type { Row } from "../plan/relation.ts";

/** A text table of rows: names, types, cells; numbers to the right; long cells cut with an ellipsis. */
export function tableText(fields: readonly Field[], rows: readonly Row[], maxCell = 40): string {
  const columns = fields.map((field) => {
    const cells = rows.map((row) => cut(cellText(row[field.name]), maxCell));
    const head = [cut(field.name, maxCell), field.type];
    const width = Math.max(...[...head, ...cells].map(textWidth));
    const right = field.type === "integer" || field.type === "number";
    return {
      lines: [
        ...head.map((text) => pad(text, width, right)),
        "─".repeat(width),
        ...cells.map((text) => pad(text, width, right)),
      ],
    };
  });
  const height = columns[0]?.lines.length ?? 0;
  return Array.from({ length: height }, (_, i) =>
    columns
      .map(({ lines }) => lines[i] ?? "")
      .join("  ")
      .trimEnd(),
  ).join("\n");
}

/** A cell as people read it: nothing for null, JSON for arrays and objects. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return stripVTControlCharacters(String(value)).replace(/[\r\n\t]+/g, "⏎");
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return plain ? JSON.stringify(value) : String(value);
}

function cut(text: string, max: number): string {
  return textWidth(text) <= max ? text : `${[...text].slice(0, max - 1).join("")}…`;
}

function pad(text: string, width: number, right: boolean): string {
  const fill = " ".repeat(Math.max(0, width - textWidth(text)));
  return right ? fill + text : text + fill;
}

/** Columns that a text takes on a terminal: wide letters take two, marks none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text)
    width += /\p{M}/u.test(letter)
      ? 0
      : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
            letter,
          )
        ? 2
        : 1;
  return width;
}
