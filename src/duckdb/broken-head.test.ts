import { expect, test } from "vitest";
import { scan } from "../plan/build.ts";
import { describeFile } from "../reading/describe.ts";
import { contextIn } from "../reading/test-context.ts";
import { createDuckDBEngine } from "./engine.ts";
import { at, collect, csvTable, temporaryFolder } from "./testing.ts";

const engine = createDuckDBEngine();

/** What each record of a file becomes, as it is read without being told anything. */
async function rowsOf(content: string | Buffer): Promise<unknown[]> {
  const { path } = csvTable(content, []);
  const folder = temporaryFolder();
  const { signal } = new AbortController();
  const context = contextIn(folder);
  const [table] = await describeFile(path, {}, context);
  if (table === undefined) throw new Error("no table");
  return (await collect(engine.stream(scan(table, at), { signal }))).map((row) => Object.values(row));
}

const rows = "1,a,2\n2,b,3\n3,c,4\n";
const cells = [
  ["1", "a", "2"],
  ["2", "b", "3"],
  ["3", "c", "4"],
];

test.each([
  ["a header with a quote that is never closed", `id,"name,v\n${rows}`],
  ["a header with text after a quote", `id,"name"x,v\n${rows}`],
  ["a header with a quote inside of a name", `id,na"me,v\n${rows}`],
  ["a header with a NUL byte", `id,na\0me,v\n${rows}`],
  ["a title with a quote that is never closed", `"Title of the year\nmade 2026\nid,name,v\n${rows}`],
  ["a header whose line ends in another way", `id,name,v\r\n${rows}`],
  ["a header whose line ends in a carriage return", `id,name,v\r${rows}`],
  ["a header whose line ends in a line feed only", `id,name,v\n${rows.replaceAll("\n", "\r\n")}`],
  ["a title whose line ends in another way", `Title\r\nid,name,v\n${rows}`],
  ["blank lines that end in another way", `\r\n\nid,name,v\n${rows}`],
  ["a title with quotes", `The "great" report, "x\n\nid,name,v\n${rows}`],
])("no row is lost below %s", async (_, content) => {
  expect(await rowsOf(content)).toEqual(cells);
});
