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
    name: "comments above rows that begin with the same mark",
    text: "# by x\nid,b\n#1,x\n#2,y\n",
    dialect: { commentChar: null, commentRows: [1], headerRows: [2] },
    labels: ["id", "b"],
    first: ["#1", "x"],
  },
  {
    name: "other marks of comments",
    text: "// by x\n// 2026\nid,b\n1,x\n",
    dialect: { commentChar: "//", headerRows: [3] },
    labels: ["id", "b"],
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
    name: "words above values that are bad values, as the schema names the columns",
    text: "id,name\nbad,a\n1,b\n2,c\n3,d\n",
    options: { names: ["id", "name"] },
    dialect: { headerRows: [1] },
    labels: ["id", "name"],
    first: ["bad", "a"],
  },
  {
    name: "a header below data, as the schema names the columns",
    text: "of 2020,\n1,Oslo\nID,Name\n2,Bergen\n3,Tromso\n",
    options: { names: ["id", "name"] },
    dialect: { headerRows: [3], commentRows: [1, 2] },
    labels: ["ID", "Name"],
    first: ["2", "Bergen"],
  },
  {
    name: "names of a schema that are not there",
    text: "id,name\nkg,m\n1,2\n2,3\n3,4\n",
    options: { names: ["a", "b"] },
    dialect: { headerRows: [1, 2] },
    labels: ["id kg", "name m"],
    first: ["1", "2"],
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
    name: "a delimiter at the end of each row",
    text: "id;b;\n1;x;\n2;y;\n",
    dialect: { delimiter: ";", trailingDelimiter: true },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "a delimiter at the end of the rows, but not of the header",
    text: "id,b\n1,x,\n2,y,\n3,,\n",
    dialect: { delimiter: ",", trailingDelimiter: true },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "a delimiter at the end of the header only",
    text: "id,b,\n1,x\n2,y\n",
    dialect: { delimiter: "," },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "a last column without a value, which has a name",
    text: "id,b,note\n1,x,\n2,y,\n",
    dialect: { headerRows: [1] },
    labels: ["id", "b", "note"],
    first: ["1", "x", ""],
  },
  {
    name: "single quotes around texts that hold them",
    text: "id~name\n1~'Men''s boots'\n2~'Kids'' hats'\n3~Sofa\n",
    dialect: { delimiter: "~", quoteChar: "'" },
    labels: ["id", "name"],
    first: ["1", "Men's boots"],
  },
  {
    name: "apostrophes before the names of sections",
    text: "'Test,Text\n6,Server\n'Version\n2008\n'Results\n'Type,Name,IO\nALL,All,1\nDISK,D,2\nDISK,E,3\n",
    dialect: { delimiter: ",", quoteChar: '"' },
    labels: ["'Test", "Text"],
    first: ["6", "Server"],
  },
  {
    name: "the delimiter that a spreadsheet wrote into the first line",
    text: "sep=;\nid;b\n1;x,y\n2;z\n",
    dialect: { delimiter: ";", headerRows: [2], commentRows: [1] },
    labels: ["id", "b"],
    first: ["1", "x,y"],
  },
  {
    name: "unit separators",
    text: "id\u001fb\n1\u001fx\n2\u001fy\n",
    dialect: { delimiter: "\u001f" },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "carets, with a comma in each row",
    text: "id^town\n1^Adams, NE\n2^Banks, NE\n3^Clay, NE\n",
    dialect: { delimiter: "^" },
    labels: ["id", "town"],
    first: ["1", "Adams, NE"],
  },
  {
    name: "colons",
    text: "root:x:0:/root\nbin:x:2:/usr/bin\nmail:x:8:/var/mail\n",
    dialect: { delimiter: ":" },
    labels: [],
    first: ["root", "x", "0", "/root"],
  },
  {
    name: "a log, whose times hold colons",
    text: "2020-01-01 10:00:00 started the service\n2020-01-01 10:00:01 memory is rather low now\n",
    dialect: { delimiter: "," },
    labels: ["2020-01-01 10:00:00 started the service"],
    first: ["2020-01-01 10:00:01 memory is rather low now"],
  },
  {
    name: "a lone column of texts with commas",
    text: "note\nhello, world\nyes\nno, never\nperhaps\n",
    dialect: { delimiter: ";" },
    labels: ["note"],
    first: ["hello, world"],
  },
  {
    name: "quotes that are letters between tabs",
    text: 'id\ttext\n1\tHe said "no"\n2\t5" disk\n',
    dialect: { delimiter: "\t", quoteChar: null },
    labels: ["id", "text"],
    first: ["1", 'He said "no"'],
  },
  {
    name: "the mark of databases for no value",
    text: "id,b\n1,\\N\n2,y\n",
    dialect: { nullSequence: "\\N" },
    labels: ["id", "b"],
    first: ["1", "\\N"],
  },
  {
    name: "a header below a row that is told to be no data",
    text: "made,here\nid,b\n1,x\n",
    options: { dialect: { commentRows: [1] } },
    dialect: { headerRows: [2], commentRows: [1] },
    labels: ["id", "b"],
    first: ["1", "x"],
  },
  {
    name: "a header that is told to be there",
    text: "1,2\n3,4\n5,6\n",
    options: { dialect: { header: true } },
    dialect: { headerRows: [1] },
    labels: ["1", "2"],
    first: ["3", "4"],
  },
  {
    name: "quotes that are told to be letters",
    text: 'id,b\n1,"x\n2,y"\n',
    options: { dialect: { quoteChar: null } },
    dialect: { quoteChar: null },
    labels: ["id", "b"],
    first: ["1", '"x'],
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
    {
      property: "dialect.quoteChar",
      value: '"',
      confidence: 0.5,
      reason: "no cell is quoted; it is the usual quote",
    },
    {
      property: "dialect.lineTerminator",
      value: "\n",
      confidence: 1,
      reason: "100 % of the lines end so",
    },
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
