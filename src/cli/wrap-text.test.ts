import { expect, test } from "vitest";
import { wrapped } from "./wrap-text.ts";

test.each([
  ["short enough", "a bc", { width: 10 }, ["a bc"]],
  ["broken at spaces", "one two three", { width: 8 }, ["one two", "three"]],
  ["indented", "one two three", { width: 8, indent: 2 }, ["  one", "  two", "  three"]],
  ["with a hanging indent", "* one two", { width: 6, indent: 1, hanging: 3 }, [" * one", "   two"]],
  ["with a word longer than a line", "a 12345678 b", { width: 5 }, ["a", "12345", "678 b"]],
  ["with wide characters", "東京都 京都", { width: 6 }, ["東京都", "京都"]],
])("text is %s", (_, text, wrapping, lines) => {
  expect(wrapped(text, wrapping).split("\n")).toEqual(lines);
});
