import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLog } from "../../base/log.ts";
import { startTestDatabase, type TestDatabase } from "../../sql/test-database.ts";
import { openDatabase } from "./database.ts";

let server: TestDatabase;
beforeAll(async () => {
  server = await startTestDatabase();
});
afterAll(() => server.close());

test("several processes that open it at once bring the tables up to date once", async () => {
  const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase(server.url, silentLog)));
  const [row] = await server.query(
    "select count(*)::int as steps, max(version) as version from aircan.migration",
  );
  expect(row?.steps).toBe(row?.version);
  await Promise.all(opened.map((one) => one.close()));
});

test.each([
  ["a wrong password", (url: string) => url.replace(":secret@", ":guess@"), /password authentication failed/],
  [
    "a database that is not there",
    (url: string) => url.replace(/\/postgres$/, "/nowhere"),
    /"nowhere" does not exist/,
  ],
])("%s is said at once", async (_, change, message) => {
  const error = await openDatabase(change(server.url), silentLog).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "database-error", message: expect.stringMatching(message) });
  expect(String(error)).not.toContain("guess");
});

test("tables made by a newer AirCan are refused", async () => {
  await server.query("insert into aircan.migration (version) values (9999)");
  await expect(openDatabase(server.url, silentLog)).rejects.toMatchObject({
    code: "database-error",
    message: expect.stringContaining("newer AirCan"),
  });
  await server.query("delete from aircan.migration where version = 9999");
});

test("what is asked while PostgreSQL restarts is answered after", async () => {
  const database = await openDatabase(server.url, silentLog);
  await server.kill();
  const answers = [
    database.query<{ n: number }>("select 1 as n"),
    database.patient.query<{ n: number }>("select 2 as n"),
  ];
  await expect(database.ping()).rejects.toMatchObject({ code: "database-error" });
  await server.start();
  expect((await Promise.all(answers)).flat()).toEqual([{ n: 1 }, { n: 2 }]);
  await database.close();
});
