const whole = /^-?(?:0|[1-9]\d*)$/;

/**
 * A number of a sheet as text: the shortest that means the same double, as programs write `1.1` as
 * `1.1000000000000001`. A whole number stays as it is written, and so does a text with more digits than a double can
 * mean, so that no digit is lost: programs that only know doubles write neither.
 */
export function numberText(written: string): string {
  if (whole.test(written)) return written;
  const number = Number(written);
  if (written.trim() === "" || !Number.isFinite(number)) return written;
  const digits = written.replace(/e.*$/i, "").replace(/[^\d]/g, "").replace(/^0+/, "").length;
  return digits > 17 ? written.trim() : String(number);
}

/** A number with the 15 digits that Excel shows, so that the sum of 0.1 and 0.2 is 0.3. */
export function roundedText(written: string): string {
  const number = Number(written);
  return written.trim() === "" || !Number.isFinite(number) ? written : String(Number(number.toPrecision(15)));
}
