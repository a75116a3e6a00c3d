import { expect, it } from "vitest";
import { startBrowser } from "./browser.ts";
import { citiesCsv, load } from "./runs.ts";
import { serveSource } from "./source.ts";

const browser = startBrowser();

it("retries a run whose source was missing, once it is there", async () => {
  let there = false;
  const source = await serveSource((_, response) => {
    response.writeHead(there ? 200 : 404, { "content-type": "text/csv" });
    response.end(there ? citiesCsv(30) : "not here");
  });
  const page = await browser.open("/");
  await page.getByLabel("or its address").fill(`${source}/late.csv`);
  await page.getByRole("button", { name: "Load", exact: true }).click();
  await page.waitForURL(/\/runs\/[^/]+$/);
  await page.getByText("Failed", { exact: true }).first().waitFor();
  await page.getByRole("heading", { name: /^Task .* failed$/ }).waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("404");

  there = true;
  await page.getByRole("button", { name: "Retry failed tasks" }).click();
  await page.getByText("Done", { exact: true }).first().waitFor();
  await page.getByText("attempt 2").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});

it("cancels a run whose source never ends, after asking", async () => {
  const source = await serveSource((_, response) => {
    response.writeHead(200, { "content-type": "text/csv" });
    response.write("id,city\n");
    const timer = setInterval(() => response.write("1,Oslo\n"), 50);
    response.on("close", () => clearInterval(timer));
  });
  const page = await browser.open("/");
  await page.getByLabel("or its address").fill(`${source}/endless.csv`);
  await page.getByRole("button", { name: "Load", exact: true }).click();
  await page.waitForURL(/\/runs\/[^/]+$/);
  await page.getByText(/^Live/).waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this run?" });
  await dialog.getByRole("button", { name: "Not now" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await dialog.getByRole("button", { name: "Cancel the run" }).click();
  await page.getByText("Cancelled", { exact: true }).first().waitFor();
  await dialog.waitFor({ state: "hidden" });
});

it("runs a run again as a new one with the same inputs", async () => {
  const first = await load("again", citiesCsv(20));
  const page = await browser.open(`/runs/${first}`);
  await page.getByRole("button", { name: "Run again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start a new run" }).click();
  await page.waitForURL((url) => /\/runs\//.test(url.pathname) && !url.pathname.endsWith(first));
  await page.getByText("Done", { exact: true }).first().waitFor();
});

it("copies the run's id", async () => {
  const id = await load("copied", citiesCsv(20));
  const page = await browser.open(`/runs/${id}`);
  await page.getByRole("button", { name: "Copy the run's id" }).click();
  await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toBe(id);
});

it("follows the log, filters it and gives each line an address", async () => {
  const id = await load("logged", citiesCsv(20));
  const page = await browser.open(`/runs/${id}?tab=log`);
  const log = page.getByRole("log");
  await log.locator(".log-line").first().waitFor();
  const all = await page.locator(".log-count").textContent();
  const number = log.locator(".log-number").first();
  const address = await number.getAttribute("href");
  await number.click();
  await expect.poll(() => new URL(page.url()).hash).toBe(address);
  await log.locator(".log-target").waitFor();

  await page.getByRole("searchbox", { name: "Search the log" }).fill("no line says this");
  await page.getByText("No line fits").waitFor();
  await page.getByRole("searchbox", { name: "Search the log" }).fill("");
  await page.getByRole("combobox", { name: "Task" }).selectOption("fetch");
  await expect.poll(() => new URL(page.url()).searchParams.get("task")).toBe("fetch");
  await expect.poll(() => page.locator(".log-count").textContent()).not.toBe(all);
});
