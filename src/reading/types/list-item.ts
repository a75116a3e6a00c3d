import type { Field, FieldType } from "../../descriptor/types.ts";

const itemTypes: readonly string[] = ["string", "integer", "boolean", "number", "datetime", "date", "time"];

/** Between the items of a list; a comma unless the field says otherwise. */
export function listDelimiter(field: Field): string {
  return typeof field.delimiter === "string" ? field.delimiter : ",";
}

/** A field for the items of a list: `itemType`, in its default format; moments have no zone. */
export function listItem(field: Field): Field {
  const { name, itemType } = field;
  const type = typeof itemType === "string" && itemTypes.includes(itemType) ? itemType : "string";
  return { name, type: type as FieldType, ...(type === "datetime" ? { zoned: false } : {}) }; // one of the names above
}
