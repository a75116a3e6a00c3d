import { expect, it } from "vitest";
import { startBrowser } from "./browser.ts";
import { citiesCsv, load } from "./runs.ts";

const browser = startBrowser();

it("skips to the content, goes by shortcuts, and helps on `?`", async () => {
  const page = await browser.open("/");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.keyboard.press("Tab");
  await expect.poll(() => page.locator(":focus").textContent()).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(":focus").getAttribute("id")).toBe("main");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "hidden" });
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL("**/dags");
  await expect.poll(() => page.locator(":focus").getAttribute("id")).toBe("main");
  await page.keyboard.press("/");
  await page.waitForURL("**/runs?search");
  await expect.poll(() => page.locator(":focus").getAttribute("type")).toBe("search");
});

it("reaches the tasks of a run and its tabs without a mouse", async () => {
  const id = await load("keyboard", citiesCsv(20));
  const page = await browser.open(`/runs/${id}`);
  const task = page.locator("button.node").first();
  await task.waitFor();
  await task.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Log", selected: true }).waitFor();
  await expect.poll(() => task.getAttribute("aria-pressed")).toBe("true");
  await page.getByRole("tab", { name: "Log" }).focus();
  await page.keyboard.press("End");
  await page.getByRole("tab", { name: "Inputs", selected: true }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("tab", { name: "Outputs", selected: true }).waitFor();
});

it("keeps a chosen theme", async () => {
  const page = await browser.open("/");
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await page.reload();
  await page.getByRole("button", { name: "Theme: dark" }).waitFor();
  expect(await page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("dark");
});
