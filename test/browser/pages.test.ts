import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { keepPicture, startBrowser } from "./browser.ts";
import { citiesCsv, load, schema, validate } from "./runs.ts";

const browser = startBrowser();
const addresses: Record<string, string> = {
  overview: "/",
  runs: "/runs",
  "runs-filtered": "/runs?status=FAILED&dag=load",
  "runs-empty": "/runs?q=no+run+is+called+this",
  dags: "/dags",
  dag: "/dags/load",
  "dag-of-many": "/dags/shops",
  "dag-broken": "/dags/broken",
  datasets: "/datasets",
  dataset: "/@norway/pages/actions/",
  "not-found": "/nothing",
};

beforeAll(async () => {
  const bad = { 3: "2,Bergen,n/a,1070-05-17", 7: "6,Bodø,1" };
  const failed = await load("pages_bad", citiesCsv(40, bad), { dataset: "norway/pages", schema });
  const done = await load("pages_good", citiesCsv(400), { dataset: "norway/pages" });
  const checked = { dataset: "norway/checked", schema };
  await validate("checked", citiesCsv(60, { ...bad, 30: "x,Oslo,1,1000-01-01" }), checked);
  const report = await validate("checked", citiesCsv(61, bad), checked);
  const share = await fetch(`${inject("factoryUrl")}/api/runs/${report}/shares`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  // The shape is the contract's.
  const { url } = (await share.json()) as { url: string };
  Object.assign(addresses, {
    report: `/reports/${report}`,
    "report-fixed": `/reports/${report}?tab=fixed`,
    "report-fields": `/reports/${report}?tab=profile`,
    "report-shared": new URL(url).pathname,

    "run-findings": `/runs/${failed}?tab=check`,
    "run-log": `/runs/${failed}?tab=log`,
    "run-outputs": `/runs/${done}?tab=outputs`,
    "run-inputs": `/runs/${done}?tab=inputs`,
    "run-table": `/@norway/pages/actions/runs/${done}?tab=table`,
  });
});

const names = [
  ...Object.keys(addresses),
  ...["run-findings", "run-log", "run-outputs", "run-inputs", "run-table"],
  ...["report", "report-fixed", "report-fields", "report-shared"],
];

/** Until nothing is loading any more. */
async function settle(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await expect.poll(() => page.locator(".skeleton").count()).toBe(0);
}

async function faultsOf(page: Page, rules?: string[]) {
  const builder = new AxeBuilder({ page });
  const { violations } = await (rules ? builder.withRules(rules) : builder).analyze();
  return violations.map(({ id, nodes }) => ({ id, targets: nodes.map((node) => node.html) }));
}

/** Runs in the page, hence as text: sums up how far its content moved. */
const countShifts = `() => {
  window.layoutShift = 0;
  const add = (list) => list.getEntries().forEach((entry) => { window.layoutShift += entry.value; });
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
}`;

describe.each(names)("the page %s", (name) => {
  it("can be used by everyone, light and dark, wide and narrow, and does not move while it loads", async () => {
    const page = await browser.open("about:blank");
    await page.addInitScript(`(${countShifts})()`);
    await page.goto(addresses[name] ?? "");
    await settle(page);
    const shift = await page.evaluate("window.layoutShift");
    expect(shift, "cumulative layout shift; below 0.1 counts as good").toBeLessThan(0.1);
    await keepPicture(page, `${name}-light`);
    expect(await faultsOf(page)).toEqual([]);

    await page.emulateMedia({ colorScheme: "dark" });
    await keepPicture(page, `${name}-dark`);
    expect(await faultsOf(page, ["color-contrast"])).toEqual([]);

    await page.setViewportSize({ width: 400, height: 800 });
    await keepPicture(page, `${name}-400`);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(400);
  });
});

it("does not move while the page of a run loads in a narrow window", async () => {
  const page = await browser.open("about:blank", { width: 400, height: 800 });
  await page.addInitScript(`(${countShifts})()`);
  await page.goto(addresses["run-findings"] ?? "");
  await settle(page);
  expect(await page.evaluate("window.layoutShift")).toBeLessThan(0.1);
});
