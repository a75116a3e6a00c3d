/** JSON in which no digit is lost: integers beyond 2^53 become bigint. */
export function parseJson(source: string): unknown {
  return /[0-9]{16}/.test(source) ? JSON.parse(source, keepDigits) : JSON.parse(source);
}

/** `context.source` (the digits as written) is in every Node since 22, but not yet in TypeScript's types. */
function keepDigits(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? "";
  return /^-?[0-9]+$/.test(digits) ? BigInt(digits) : value;
}

/** JSON of what JavaScript holds; bigints are written as their digits, Temporal objects as ISO 8601. */
export function writeJson(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null || "toJSON" in value)
    return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(
    ([, item]) => item !== undefined && typeof item !== "function",
  );
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`).join(",")}}`;
}
