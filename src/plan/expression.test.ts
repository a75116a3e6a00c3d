import fc from "fast-check";
import { expect, test } from "vitest";
import { AirCanError } from "../base/errors.ts";
import type { Schema } from "../descriptor/types.ts";
import { call, type Expression, field, functions, literal, type Operator } from "./expression.ts";
import { parseExpression } from "./parse-expression.ts";
import { printExpression } from "./print-expression.ts";
import { typeOf } from "./typecheck.ts";

const schema: Schema = {
  fields: [
    { name: "name", type: "string" },
    { name: "population", type: "integer" },
    { name: "area", type: "number" },
    { name: "founded", type: "date" },
    { name: "capital", type: "boolean" },
    { name: "odd name", type: "string" },
  ],
};

test.each([
  ["population > 100000", call(">", field("population"), literal(100000))],
  ["name = 'it''s'", call("=", field("name"), literal("it's"))],
  ['"odd name" is not null', call("not", call("is_null", field("odd name")))],
  ["`odd name` is null", call("is_null", field("odd name"))],
  ["a + b * c", call("+", field("a"), call("*", field("b"), field("c")))],
  ["not a and b", call("and", call("not", field("a")), field("b"))],
  [
    "a between 1 and 2.5",
    call("and", call(">=", field("a"), literal(1)), call("<=", field("a"), literal(2.5))),
  ],
  ["a not in (1, 2)", call("not", call("in", field("a"), literal(1), literal(2)))],
  ["-a || 'x'", call("concat", call("negate", field("a")), literal("x"))],
  ["9007199254740993", literal(9007199254740993n)],
  ["if(a, TRUE, Null)", call("if", field("a"), literal(true), literal(null))],
  ["a in [1, 2]", call("in", field("a"), literal(1), literal(2))],
  ["'x' in a", call("contains", field("a"), literal("x"))],
  ["'x' not in a", call("not", call("contains", field("a"), literal("x")))],
  ["len(a) == 3", call("=", call("length", field("a")), literal(3))],
  ["a is None", call("is_null", field("a"))],
  ["a == None", call("is_null", field("a"))],
  ["null <> a", call("not", call("is_null", field("a")))],
  ["1 < a <= b", call("and", call("<", literal(1), field("a")), call("<=", field("a"), field("b")))],
])("reads %s", (text, expected) => {
  expect(parseExpression(text)).toEqual(expected);
});

test.each([
  ['a = "b"', call("=", field("a"), field("b"))],
  ['a = "c"', call("=", field("a"), literal("c"))],
  ["a = `c`", call("=", field("a"), field("c"))],
])(
  "in %s, where the fields are a and b, double quotes enclose a text that is none of them",
  (text, expected) => {
    expect(parseExpression(text, ["a", "b"])).toEqual(expected);
  },
);

test.each([
  [
    "population >",
    "expected a field, a value or a function, found the end:\n  population >\n              ^",
  ],
  [
    "population > > 1",
    'expected a field, a value or a function, found ">":\n  population > > 1\n               ^',
  ],
  ["shout(name)", /^unknown function "shout"; known are lower, upper/],
  ["lower(name, 1)", /^"lower" takes 1 arguments, not 2/],
  ["name = 'open", "cannot be read here:\n  name = 'open\n         ^"],
  ["a b", 'expected an operator or the end, found "b":\n  a b\n    ^'],
])("refuses %s and marks the place", (text, message) => {
  expect(() => parseExpression(text)).toThrow(message);
});

test.each([
  ["population > 100000", "boolean"],
  ["population + 1", "integer"],
  ["population / 2", "number"],
  ["founded > '2020-01-01'", "boolean"],
  ["coalesce(area, population)", "number"],
  ["name || population", "string"],
  ["if(capital, name, null)", "string"],
  ["round(area)", "integer"],
])("gives %s the type %s", (text, type) => {
  expect(typeOf(parseExpression(text), schema)).toBe(type);
});

test.each([
  ["popluation > 1", "unknown-field", 'Did you mean "population"?'],
  ["name > 5", "expression-error", undefined],
  ["founded > 'soon'", "expression-error", undefined],
  ["capital + 1", "expression-error", undefined],
  ["name and capital", "expression-error", undefined],
])("refuses %s over the schema", (text, code, hint) => {
  try {
    typeOf(parseExpression(text), schema);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AirCanError);
    expect(error).toMatchObject({ code, ...(hint ? { hint } : {}) });
  }
});

const binary: readonly Operator[] = ["and", "or", "=", "<", ">=", "+", "-", "*", "/", "%", "concat"];
const expressions: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom("a", "b c", "not", 'q"q', "été").map(field),
    fc
      .oneof(
        fc.nat(),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
      )
      .map(literal),
    fc.tuple(fc.constantFrom(...binary), tie("tree"), tie("tree")).map(([o, a, b]) => call(o, a, b)),
    fc.tuple(fc.constantFrom<Operator>("not", "is_null", "lower"), tie("tree")).map(([o, a]) => call(o, a)),
    fc
      .tuple(tie("tree"), fc.array(tie("tree"), { minLength: 1, maxLength: 3 }))
      .map(([a, b]) => call("in", a, ...b)),
    fc.tuple(tie("tree"), tie("tree"), tie("tree")).map((args) => call("if", ...args)),
  ),
})).tree;

test("an expression printed and read again is the same", () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      expect(parseExpression(printExpression(expression))).toEqual(expression);
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("every function is known by its arity", () => {
  expect(Object.values(functions).every(([least, most]) => least <= most)).toBe(true);
});
