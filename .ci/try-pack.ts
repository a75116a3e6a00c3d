import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The packed product, installed in another folder, works with nothing of the source tree. */
const folder = mkdtempSync(join(tmpdir(), "aircan pack "));
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

function expect(what: string, good: boolean): void {
  if (!good) throw new Error(`not so: ${what}`);
  console.log(`ok: ${what}`);
}

try {
  const [packed] = JSON.parse(
    run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], process.cwd()),
  );
  const paths: string[] = packed.files.map(({ path }: { path: string }) => path);
  expect(
    "no sources, tests or source maps are packed",
    !paths.some((path) => /^(src|test|bench)\/|\.test\.|\.map$/.test(path)),
  );
  expect("the page is packed", paths.includes("dist/ui/index.html"));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  run("npm", ["install", "--no-audit", "--no-fund", join(folder, packed.filename)], folder);
  writeFileSync(join(folder, "cities.csv"), "city,people\nOslo,709037\nBergen,289330\n");
  expect("npx aircan --version", run("npx", ["aircan", "--version"], folder).trim() === packed.version);
  const shown = JSON.parse(run("npx", ["aircan", "show", "cities.csv", "--json"], folder));
  expect("npx aircan show", JSON.stringify(shown.rows[1]) === '{"city":"Bergen","people":289330}');
  run("npx", ["aircan", "convert", "cities.csv", "cities.parquet"], folder);
  const loaded = JSON.parse(run("npx", ["aircan", "load", "cities.parquet", "--json"], folder));
  expect("npx aircan load", loaded.rows === 2);
  writeFileSync(
    join(folder, "flow.js"),
    'import { flow, load } from "aircan";\nconst { rows } = await flow(load("cities.csv")).results();\nconsole.log(JSON.stringify(rows.cities[0]));\n',
  );
  expect(
    "import from aircan",
    run(process.execPath, ["flow.js"], folder).trim() === '{"city":"Oslo","people":709037}',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
