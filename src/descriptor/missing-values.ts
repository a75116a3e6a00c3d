import { isJsonObject, type JsonObject, textOf } from "./problem.ts";

/**
 * Missing values as texts. Version 2 may give them labels, which stand beside: `missingLabels`, by value, is
 * AirCan's own.
 */
export function normaliseMissing(missingValues: unknown): {
  readonly missingValues?: readonly string[];
  readonly missingLabels?: Readonly<Record<string, string>>;
} {
  if (!Array.isArray(missingValues)) return {};
  const items: readonly unknown[] = missingValues;
  const labels = items.flatMap((item) =>
    isJsonObject(item) && typeof item.label === "string" ? [[textOf(item.value), item.label]] : [],
  );
  return {
    missingValues: items.map((item) => textOf(isJsonObject(item) ? item.value : item)),
    ...(labels.length === 0 ? {} : { missingLabels: Object.fromEntries(labels) }),
  };
}

/** A schema, field or resource with the labels of its missing values where version 2 has them. */
export function withMissingLabels<Described extends JsonObject>(described: Described): Described {
  const { missingLabels } = described;
  const labels = isJsonObject(missingLabels) ? missingLabels : undefined;
  const labelled = Object.entries(described)
    .filter(([name]) => name !== "missingLabels")
    .map(([name, value]) => {
      if (name === "missingValues" && labels !== undefined) return [name, withLabels(value, labels)];
      return [name, name === "schema" || name === "fields" ? inside(value) : value];
    });
  return Object.fromEntries(labelled) as Described; // the same properties, with labels in place
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return isJsonObject(value) ? withMissingLabels(value) : value;
}

function withLabels(missingValues: unknown, labels: JsonObject): unknown {
  if (!Array.isArray(missingValues)) return missingValues;
  return missingValues.map((value: unknown) => {
    const label = labels[textOf(value)];
    return { value, ...(label === undefined ? {} : { label }) };
  });
}
