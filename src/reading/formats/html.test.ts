import { describe, expect, test } from "vitest";
import { spooledTable, spooledTables } from "./grid-testing.ts";

const page = (body: string, head = "") =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;

describe("the cells of a table", () => {
  test.each([
    [
      "in tags that nobody closed",
      "<table><tr><th>a<th>b<tr><td>1<td>2<tr><td>3<td>4</table>",
      ["a,b", "1,2", "3,4"],
    ],
    [
      "with entities and white space",
      "<table><tr><th> a <th>b\n c<tr><td>&Oslash;&nbsp;<td>x &amp;&#8364;</table>",
      ["a,b c", "Ø,x &€"],
    ],
    [
      "with lines",
      "<table><tr><th>a<th>b<tr><td>x<br>y<td><p>1</p><p>2</p></table>",
      ["a,b", '"x\ny","1\n2"'],
    ],
    [
      "with scripts and what is not shown",
      '<table><tr><th>a<th>b<tr><td>1<script>"<td>"</script><td><span style="display:none">0<b>0</b></span>2</table>',
      ["a,b", "1,2"],
    ],
    [
      "that span others",
      "<table><tr><th>a<th>b<th>c<tr><td rowspan=2>1<td colspan=2>2<tr><td>3<td>4<tr><td>5</table>",
      ["a,b,c", "1,2,", ",3,4", "5,,"],
    ],
    [
      "with a header of several rows",
      "<table><thead><tr><th rowspan=2>k<th colspan=2>Sales<tr><th>2019<th>2020</thead><tr><td>x<td>1<td>2</table>",
      ["k,Sales,Sales", ",2019,2020", "x,1,2"],
    ],
  ])("%s", async (_, body, lines) => {
    const table = await spooledTable("a.html", page(body));
    expect(table.lines.join("\n").split("\n")).toEqual(lines.join("\n").split("\n"));
  });

  test("are filled where they span others, if that is told", async () => {
    const body = "<table><tr><th>a<th>b<tr><td rowspan=2>x<td>1<tr><td>2</table>";
    const filled = { resource: { dialect: { fillMergedCells: true } } };
    expect((await spooledTable("a.html", page(body), filled)).lines).toEqual(["a,b", "x,1", "x,2"]);
  });

  test("are named by their header, all of whose rows are joined", async () => {
    const body =
      "<table><thead><tr><th rowspan=2>k<th colspan=2>Sales<tr><th>2019<th>2020</thead><tr><td>x<td>1<td>2</table>";
    const { fields, dialect } = await spooledTable("a.html", page(body));
    expect(fields).toEqual(["k string", "Sales 2019 integer", "Sales 2020 integer"]);
    expect(dialect).toMatchObject({ header: true, headerRows: [1, 2] });
  });
});

describe("the table that is read", () => {
  const content = page(`<table><tr><td>menu<td><table id=in><tr><td>x<td>y<tr><td>1<td>2</table></table>
    <table id=pop><caption>People</caption><tr><th>a<th>b<tr><td>3<td>4</table>
    <table><caption>Sizes of 2020</caption><tr><th>c<th>d<tr><td>5<td>6</table>`);
  test.each<[string, string | number | undefined, string[]]>([
    ["the first that does not lay out the page", undefined, ["x,y", "1,2"]],
    ["by id", "pop", ["a,b", "3,4"]],
    ["by caption, where it has an id too", "people", ["a,b", "3,4"]],
    ["by number", 4, ["c,d", "5,6"]],
    ["by a pattern of its caption", "sizes*", ["c,d", "5,6"]],
  ])("%s", async (_, table, lines) => {
    expect((await spooledTable("a.html", content, table === undefined ? {} : { table })).lines).toEqual(
      lines,
    );
  });

  test("has to be there", async () => {
    await expect(spooledTables("a.html", content, { table: 9 })).rejects.toMatchObject({
      code: "format-error",
    });
    await expect(spooledTables("a.html", page("<p>Log in</p>"))).rejects.toMatchObject({
      code: "format-error",
      message: "a.html holds no table.",
    });
  });
});

test.each<[string, Buffer]>([
  [
    "that its meta tells",
    Buffer.from(
      page("<table><tr><th>a<th>b<tr><td>\u00e5<td>1</table>", '<meta charset="iso-8859-1">'),
      "latin1",
    ),
  ],
  [
    "that its mark tells",
    Buffer.from(`\ufeff${page("<table><tr><th>a<th>b<tr><td>å<td>1</table>")}`, "utf16le"),
  ],
  ["of the web", Buffer.from(page("<table><tr><th>a<th>b<tr><td>å<td>1</table>"))],
])("a page is read in the encoding %s", async (_, bytes) => {
  expect((await spooledTable("a.html", bytes)).lines).toEqual(["a,b", "å,1"]);
});

test("a page in place of a CSV file stays an error, unless its format is told", async () => {
  const content = page("<table><tr><th>a<th>b<tr><td>1<td>2</table>");
  await expect(spooledTables("a.csv", content)).rejects.toMatchObject({ code: "format-error" });
  expect((await spooledTable("a.csv", content, { format: "html" })).lines).toEqual(["a,b", "1,2"]);
});

test("a page that ends within its table is read as far as it goes, and that is said", async () => {
  const page = "<table><tr><th>a<th>b<tr><td>1<td>2<tr><td>3";
  const { lines, notes } = await spooledTable("a.html", page);
  expect(lines).toEqual(["a,b", "1,2", "3,"]);
  expect(notes).toEqual(["the page ends within the table; it may be cut off"]);
});
