import { AirCanError } from "../base/errors.ts";

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const bytes: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Milliseconds of a text such as `500ms`, `30s`, `20m`, `1.5h` or `1d`. Throws `dag-error`. */
export function parseDuration(text: string): number {
  return parse(text, milliseconds, "a duration such as 30s, 20m or 1h");
}

/** Bytes of a text such as `512MB` or `2GB` (of 1,024). Throws `dag-error`. */
export function parseSize(text: string): number {
  return parse(text, bytes, "a size such as 512MB or 2GB");
}

function parse(text: string, units: Readonly<Record<string, number>>, wanted: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : units[unit];
  if (factor === undefined || !(Number(number) > 0))
    throw new AirCanError("dag-error", `"${text}" is not ${wanted}.`, { where: { value: text } });
  return Number(number) * factor;
}
