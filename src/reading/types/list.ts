import type { FieldTypeDefinition } from "./field-type.ts";
import { listDelimiter, listItem } from "./list-item.ts";
import { cellReader } from "./registry.ts";

/** Version 2's list: items in one cell, between delimiters. An array of their values. */
export const list: FieldTypeDefinition = {
  name: "list",
  pattern: () => null,
  parse: (text, field) => {
    const values = text.split(listDelimiter(field)).map(cellReader(listItem(field)));
    return values.includes(undefined) ? undefined : values;
  },
  expected: (field) => {
    const { type } = listItem(field);
    const items: Readonly<Record<string, string>> = {
      integer: "1,2,3",
      number: "1.5,2",
      boolean: "true,false",
      date: "2026-01-31,2026-02-01",
      time: "13:45:00,14:00:00",
      datetime: "2026-01-31T13:45:00,2026-02-01T00:00:00",
    };
    return `a list such as ${(items[type] ?? "a,b,c").replaceAll(",", listDelimiter(field))}`;
  },
};
