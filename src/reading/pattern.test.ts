import { expect, test } from "vitest";
import { patternProblem, patternTest } from "./pattern.ts";

test.each([
  ["a|b", "a", "ab"],
  ["^a.*$", "abc", "xabc"],
  ["(a+)+", "aaa", `${"a".repeat(5000)}!`],
  ["\\d{2}", "12", "1x"],
  ["\\d+", "٣", "x"],
  ["\\D+", "ab", "a1"],
  ["\\w+", "Tromsø", "a-b"],
  ["[\\w-]+", "a-é", "a b"],
  ["\\W", "-", "ø"],
  ["\\i\\c*", "xs:ø-1", "1x"],
  ["[^\\d]", "a", "1"],
  ["a\\-b\\:c\\'", "a-b:c'", "ab"],
  ["\\u00e9", "é", "e"],
  ["\\\\d", "\\d", "1"],
  ["[\\]\\d]+", "]1", "x"],
  ["(?i)abc", "ABC", "abd"],
  ["(?P<year>\\d{4})\\Z", "2020", "202"],
])("%s is like %j and not like %j", (pattern, good, bad) => {
  const isLike = patternTest(pattern);
  expect([isLike(good), isLike(bad)]).toEqual([true, false]);
});

test.each([
  ["(?=a)b", "it looks ahead or behind"],
  ["(a)\\1", "it refers back to a group"],
  ["(a", "missing closing )"],
  ["[a-z-[aeiou]]", "it takes one class of characters from another"],
  ["\\p{IsBasicLatin}", "invalid character class range"],
  ["a++", "invalid nested repetition operator"],
])("%s cannot be used, with the reason", (pattern, reason) => {
  expect(patternProblem(pattern)).toContain(reason);
});
