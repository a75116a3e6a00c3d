const digits = /^([+-]?)([0-9]*)(?:\.([0-9]*))?$/;

/**
 * The digits of a number's text (`.` as its mark, no groups) and no more: no sign of plus, no zeros around
 * them, no exponent. A text with an exponent means the double that it reads as; `NaN` and infinities stay words.
 */
export function plainDecimal(text: string): string {
  const parts = digits.exec(text);
  if (parts === null) return withoutExponent(String(Number(text)));
  const [, sign, whole = "", fraction = ""] = parts;
  const before = whole.replace(/^0+/, "") || "0";
  const after = fraction.replace(/0+$/, "");
  const plain = after === "" ? before : `${before}.${after}`;
  return sign === "-" && plain !== "0" ? `-${plain}` : plain;
}

/** `1.5e-7` as `0.00000015`. */
function withoutExponent(printed: string): string {
  const parts = /^(-?)([0-9])(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(printed);
  if (parts === null) return printed === "-0" ? "0" : printed;
  const [, sign = "", first = "", more = "", exponent = "0"] = parts;
  const [all, power] = [first + more, Number(exponent)];
  const plain = power < 0 ? `0.${"0".repeat(-power - 1)}${all}` : all.padEnd(power + 1, "0");
  return sign + plain;
}

/** Negative if the first of two plain decimals is less, zero if both are the same. `NaN` is above all. */
export function compareDecimals(a: string, b: string): number {
  if (a === b) return 0;
  const isPlain = digits.test(a) && digits.test(b);
  if (!isPlain) return Number(a) < Number(b) || b === "NaN" ? -1 : 1;
  const isBelow = a.startsWith("-");
  if (isBelow !== b.startsWith("-")) return isBelow ? -1 : 1;
  return isBelow ? compareSizes(b.slice(1), a.slice(1)) : compareSizes(a, b);
}

function compareSizes(a: string, b: string): number {
  const [wholeA = "", fractionA = ""] = a.split(".");
  const [wholeB = "", fractionB = ""] = b.split(".");
  if (wholeA.length !== wholeB.length) return wholeA.length - wholeB.length;
  if (wholeA !== wholeB) return wholeA < wholeB ? -1 : 1;
  return fractionA < fractionB ? -1 : fractionA > fractionB ? 1 : 0;
}
