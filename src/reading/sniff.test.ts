import fc from "fast-check";
import { expect, test } from "vitest";
import type { Dialect } from "../descriptor/types.ts";
import { type SniffOptions, sniff } from "./sniff.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly options?: SniffOptions;
  readonly dialect: Partial<Dialect>;
  readonly labels: readonly string[];
  readonly first: readonly string[] | undefined;
}

const many = (line: string) => `${line}\n`.repeat(100);

const cases: readonly Case[] = [
  {
    name: "commas",
    text: "id,b\n1,x\n",
    dialect: { delimiter: "," },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "semicolons with decimal commas",
    text: "id;b\n1;2,5\n2;3,5\n",
    dialect: { delimiter: ";" },
    labels: ["id", "b"],
    first: ["1", "2,5"],
  },
  {
    name: "tabs",
    text: "id\tb\n1\tx y\n",
    dialect: { delimiter: "\t" },
    labels: ["id", "b"],
    first: ["1", "x y"],
  },
  { name: "pipes", text: "id|b\n1|x\n", dialect: { delimiter: "|" }, labels: ["id", "b"], first: ["1", "x"] },
  {
    name: "single quotes",
    text: "'a','b'\n'1,2','x'\n'3,4','y'\n",
    dialect: { delimiter: ",", quoteChar: "'" },
    labels: ["a", "b"],
    first: ["1,2", "x"],
  },
  {
    name: "numbers between spaces",
    text: "1 2 3\n4 5 6\n7 8 9\n",
    dialect: { delimiter: " ", header: false },
    labels: [],
    first: ["1", "2", "3"],
  },
  {
    name: "names with a space in one column",
    text: "name\nada smith\nbob jones\n",
    dialect: { delimiter: "," },
    labels: ["name"],
    first: ["ada smith"],
  },
  {
    name: "date-times in one column",
    text: `when\n${many("2020-01-01T10:00:00")}`,
    dialect: { delimiter: "," },
    labels: ["when"],
    first: ["2020-01-01T10:00:00"],
  },
  {
    name: "a preamble",
    text: "Report\nmade 2026\n\nid,b,c\n1,x,2\n2,y,3\n",
    dialect: { delimiter: ",", headerRows: [4], commentRows: [1, 2] },
    labels: ["id", "b", "c"],
    first: ["1", "x", "2"],
  },
  {
    name: "comments above",
    text: "# by x\n# 2026\nid,b\n1,x\n",
    dialect: { commentChar: "#", headerRows: [3] },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "a header that looks like a comment",
    text: "#id,b\n1,x\n2,y\n",
    dialect: { commentChar: null, headerRows: [1] },
    labels: ["#id", "b"],
    first: ["1", "x"],
  },
  {
    name: "escaped quotes",
    text: 'id,b\n1,"x \\"y\\", z"\n2,"p"\n',
    dialect: { escapeChar: "\\", doubleQuote: false },
    labels: ["id", "b"],
    first: ["1", 'x "y", z'],
  },
  {
    name: "spaces after commas",
    text: 'id, b, "c"\n1, "x, y", 2\n2, "z", 3\n',
    dialect: { delimiter: ",", skipInitialSpace: true },
    labels: ["id", "b", "c"],
    first: ["1", "x, y", "2"],
  },
  {
    name: "line breaks inside of quotes",
    text: 'id,b\n1,"x\ny"\n',
    dialect: { delimiter: ",", lineTerminator: "\n" },
    labels: ["id", "b"],
    first: ["1", "x\ny"],
  },
  {
    name: "lines ended by carriage returns",
    text: "id,b\r1,x\r2,y\r",
    dialect: { lineTerminator: "\r" },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "no header",
    text: "1,2.5,x\n2,3.5,y\n3,4.5,z\n",
    dialect: { header: false, headerRows: [] },
    labels: [],
    first: ["1", "2.5", "x"],
  },
  {
    name: "a header over two rows, told",
    text: "a,b\nx,y\n1,2\n",
    options: { headerRows: [1, 2] },
    dialect: { headerRows: [1, 2] },
    labels: ["a x", "b y"],
    first: ["1", "2"],
  },
  {
    name: "a declared dialect",
    text: "a-b\n1;2-3\n",
    options: { dialect: { delimiter: "-" } },
    dialect: { delimiter: "-" },
    labels: ["a", "b"],
    first: ["1;2", "3"],
  },
  {
    name: "only a header",
    text: "id,b\n",
    dialect: { headerRows: [1] },
    labels: ["id", "b"],
    first: undefined,
  },
  { name: "nothing but blank lines", text: "\n\n", dialect: {}, labels: [], first: [] },
];

test.each(cases)("finds $name", ({ text, options, dialect, labels, first }) => {
  const sniffed = sniff(text, true, options);
  expect(sniffed.dialect).toMatchObject(dialect);
  expect(sniffed.labels).toEqual(labels);
  expect(sniffed.records[0]).toEqual(first);
});

test("the last record of a sample that was cut is left out", () => {
  expect(sniff("a,b\n1,2\n3,4", false).records).toEqual([["1", "2"]]);
});

test("each guess says how sure it is and why; what was told is no guess", () => {
  expect(sniff("id,b\n1,x\n2,y\n", true, { dialect: { delimiter: "," } }).guesses).toEqual([
    { property: "dialect.quoteChar", value: '"', confidence: 1, reason: "it gives the most regular records" },
    {
      property: "dialect.headerRows",
      value: [1],
      confidence: 1,
      reason: "its cells are words above columns of values",
    },
  ]);
});

test("any text gets a dialect, and the sniffer ends", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "1", '"', "'", ",", ";", "\n", "\r", "\t", " ", "#", "\\", "\0", ":"),
    maxLength: 80,
  });
  fc.assert(
    fc.property(text, fc.boolean(), (sample, complete) => {
      const { dialect, width } = sniff(sample, complete);
      expect(dialect.delimiter).toHaveLength(1);
      expect(width).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 1000, seed: 3 },
  );
});
