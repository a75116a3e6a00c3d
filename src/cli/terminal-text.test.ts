import { describe, expect, test } from "vitest";
import { terminalText } from "./terminal-text.ts";

const plain = { hasColours: false, env: {} };

describe("what a terminal would obey is a sign", () => {
  test.each([
    ["the title of the window", "a\x1b]0;title\x07b", "a�]0;title�b"],
    ["a clear screen", "a\x1b[2Jb", "a�[2Jb"],
    ["a carriage return", "a\rb", "a�b"],
    ["a control character of eight bits", "a\u009b2Jb", "a�2Jb"],
    ["letters from right to left", "a\u202egpj.exe", "a�gpj.exe"],
    ["a colour where there are none", "a\x1b[31mb", "a�b"],
  ])("%s", (_, text, shown) => {
    expect(terminalText(text, plain)).toBe(shown);
  });

  test("but line breaks, tabs and our own colours", () => {
    const text = "a\tb\n\x1b[1;31mc\x1b[39m";
    expect(terminalText(text, { ...plain, hasColours: true })).toBe(text);
  });
});

describe("what a CI system would obey is broken up, and only there", () => {
  const text = "  ::set-output name=a::b\nx ##[error]c ##vso[task.setvariable]d ##teamcity[e] a::b";
  test.each([
    ["CI", text],
    [
      "GITHUB_ACTIONS",
      "  :\u200b:set-output name=a::b\nx #\u200b#[error]c ##vso[task.setvariable]d ##teamcity[e] a::b",
    ],
    [
      "TF_BUILD",
      "  ::set-output name=a::b\nx #\u200b#[error]c #\u200b#vso[task.setvariable]d ##teamcity[e] a::b",
    ],
    [
      "TEAMCITY_VERSION",
      "  ::set-output name=a::b\nx ##[error]c ##vso[task.setvariable]d #\u200b#teamcity[e] a::b",
    ],
  ])("%s", (variable, shown) => {
    expect(terminalText(text, { ...plain, env: { [variable]: "true" } })).toBe(shown);
  });
});
