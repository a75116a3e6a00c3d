import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

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
  writeFileSync(
    join(folder, "parts.js"),
    'import { loadDag } from "aircan/ckan";\nimport { dag } from "aircan/factory";\nimport { runExample } from "aircan/testing";\nconsole.log(loadDag.dag, typeof dag, typeof runExample);\n',
  );
  expect(
    "import from aircan/ckan, aircan/factory, aircan/testing",
    run(process.execPath, ["parts.js"], folder).trim() === "load function function",
  );
  await tryServe();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The packed factory answers, shows its page and the sample's table, and ends by Ctrl-C. */
async function tryServe(): Promise<void> {
  const bin = join(folder, "node_modules/aircan/bin/aircan.js");
  const server = spawn(process.execPath, [bin, "serve", "--sample", "--port", "18080"], {
    cwd: folder,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = once(server, "exit");
  const table = "http://127.0.0.1:18080/api/3/action/datastore_search?resource_id=earthquakes";
  try {
    for (let tries = 0; !(await fetch(table).catch(() => undefined))?.ok; tries++) {
      if (tries === 300 || server.exitCode !== null)
        throw new Error("the packed factory did not load the sample");
      await pause(100);
    }
    const page = await (await fetch("http://127.0.0.1:18080/runs")).text();
    expect("aircan serve shows its page", page.includes('<div id="root">') && page.includes("/assets/"));
    expect("aircan serve loads the sample", (await (await fetch(table)).json()).result.total > 1000);
  } finally {
    server.kill("SIGINT");
    await ended;
  }
}
