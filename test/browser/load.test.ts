import { expect, it } from "vitest";
import { keepPicture, startBrowser } from "./browser.ts";
import { citiesCsv, schema } from "./runs.ts";

const browser = startBrowser();

const bad = { 17: "16,Bergen,n/a,1070-05-17", 240: "239,Oslo,10239,1040-13-01", 301: "300,Bodø,10300" };

/** Runs in the page, hence as text: what a drag carries. */
const carryFile = `({ name, text }) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name, { type: "text/csv" }));
  return transfer;
}`;

it("loads a file that is dropped on the form and shows the table with its types", async () => {
  const page = await browser.open("/");
  const dataTransfer = await page.evaluateHandle(
    `(${carryFile})(${JSON.stringify({
      name: "Good Cities.csv",
      text: citiesCsv(1204),
    })})`,
  );
  await page.dispatchEvent(".file-drop", "drop", { dataTransfer });
  await expect.poll(() => page.getByLabel("Table", { exact: true }).inputValue()).toBe("good_cities");
  await page.getByRole("button", { name: "Load", exact: true }).click();
  await page.waitForURL(/\/runs\/[^/]+$/);
  await page.getByText("Done", { exact: true }).first().waitFor();
  await page.getByRole("tab", { name: "Table", selected: true }).waitFor();
  const table = page.getByRole("region", { name: "Rows of the table" });
  await table.getByRole("cell", { name: "Trondheim" }).first().waitFor();
  const heads = await table.getByRole("columnheader").allInnerTexts();
  expect(heads.map((head) => head.split(/\s+/)[0])).toEqual(["id", "city", "population", "founded"]);
  await page.getByText("1 to 25 of 1,204").waitFor();
  await keepPicture(page, "run-done");

  await table.getByRole("button", { name: "population" }).click();
  await table.getByRole("button", { name: "population" }).click();
  await table.getByRole("cell", { name: "11203" }).waitFor();
  await page.getByRole("tab", { name: "Outputs" }).click();
  await page
    .getByRole("link", { name: /^Download / })
    .first()
    .waitFor();
});

it("shows the bad cells of a file in their rows, and loads the good rows when asked to", async () => {
  const page = await browser.open("/");
  await page.setInputFiles("input[type=file]", {
    name: "bad_cities.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(citiesCsv(1204, bad)),
  });
  await page.getByText("More", { exact: true }).click();
  await page.getByRole("textbox", { name: /Table Schema/ }).fill(schema);
  await page.getByRole("textbox", { name: "Dataset" }).fill("norway/bad");
  await page.getByRole("button", { name: "Load", exact: true }).click();
  await page.waitForURL("**/@norway/bad/actions/runs/*");
  await page.getByText("Failed", { exact: true }).first().waitFor();
  await page.getByRole("alert").getByText("data-error").waitFor();
  await page.getByRole("tab", { name: /Findings/, selected: true }).waitFor();
  const findings = page.getByRole("region", { name: /^Rows of .* with errors$/ });
  await findings.locator(".bad-cell", { hasText: "n/a" }).waitFor();
  await findings.locator(".bad-cell", { hasText: "1040-13-01" }).waitFor();
  await findings.locator(".bad-cell", { hasText: "missing" }).waitFor();
  expect(await findings.getByRole("rowheader").allInnerTexts()).toEqual(["17", "240", "301"]);
  await keepPicture(page, "run-failed");

  await page.getByRole("button", { name: /type-error/ }).click();
  expect(await findings.getByRole("rowheader").allInnerTexts()).toEqual(["17", "240"]);

  await page.getByRole("button", { name: "Load the good rows" }).click();
  await page.getByText("attempt 2").waitFor();
  await page.getByText("Done", { exact: true }).first().waitFor();
  await page.getByRole("tab", { name: "Table" }).click();
  await page.getByText("1 to 25 of 1,201").waitFor();
});

it("says what is wrong before anything is sent", async () => {
  const page = await browser.open("/");
  const button = page.getByRole("button", { name: "Load", exact: true });
  expect(await button.isDisabled()).toBe(true);
  await page.getByLabel("or its address").fill("https://example.org/cities.csv");
  expect(await button.isDisabled()).toBe(false);
  await page.getByText("More", { exact: true }).click();
  await page.getByRole("textbox", { name: /Table Schema/ }).fill("{");
  await page.getByText("This is not valid JSON.").waitFor();
  await button.click();
  expect(new URL(page.url()).pathname).toBe("/");
});
