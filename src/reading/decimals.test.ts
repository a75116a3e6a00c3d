import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDecimals, plainDecimal } from "./decimals.ts";

test.each([
  ["0", "0"],
  ["-0", "0"],
  ["+007.500", "7.5"],
  [".5", "0.5"],
  ["5.", "5"],
  ["-0.0", "0"],
  ["1e3", "1000"],
  ["1.5E-7", "0.00000015"],
  ["1e21", `1${"0".repeat(21)}`],
  ["-2.5e22", `-25${"0".repeat(21)}`],
  ["1e400", "Infinity"],
  ["NaN", "NaN"],
  ["123456789012345678901234567890.120", "123456789012345678901234567890.12"],
])("%s is plainly %s", (text, plain) => {
  expect(plainDecimal(text)).toBe(plain);
});

test("doubles stand in the order of their plain decimals", () => {
  const number = fc.double({ noNaN: true });
  fc.assert(
    fc.property(number, number, (a, b) => {
      const order = compareDecimals(plainDecimal(String(a)), plainDecimal(String(b)));
      expect(Math.sign(order)).toBe(a === b ? 0 : a < b ? -1 : 1);
    }),
    { seed: 20261128 },
  );
});

test.each([
  ["0.3", "0.30000000000000000001", -1],
  ["-0.3", "-0.30000000000000000001", 1],
  ["10", "9.99", 1],
  ["-10", "9", -1],
  ["0.12", "0.1", 1],
  ["NaN", "Infinity", 1],
  ["5", "NaN", -1],
  ["5", "Infinity", -1],
  ["-Infinity", "-5", -1],
])("of %s and %s the order is %i", (a, b, order) => {
  expect(Math.sign(compareDecimals(a, b))).toBe(order);
});
