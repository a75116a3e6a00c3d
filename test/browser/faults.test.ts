import { expect, it } from "vitest";
import { startBrowser } from "./browser.ts";
import { citiesCsv, load } from "./runs.ts";

const browser = startBrowser();

it("says that the factory does not answer, and goes on by itself when it is back", async () => {
  const id = await load("offline", citiesCsv(20));
  const page = await browser.open("about:blank");
  await page.route("**/api/**", (route) => route.abort());
  await page.goto("/");
  await page.getByText("The factory does not answer.").waitFor();
  await page.unroute("**/api/**");
  await page.getByRole("link", { name: "Load offline" }).first().waitFor();

  await page.route("**/api/**", (route) => route.abort());
  await page.goto(`/runs/${id}`);
  await page.getByText("The factory does not answer.").waitFor();
  expect(await page.getByRole("button", { name: "Try again" }).isEnabled()).toBe(true);
  await page.unroute("**/api/**");
  await page.getByRole("heading", { name: "Load offline" }).waitFor();
});

it("asks for a token where the factory wants one, and sends it from then on", async () => {
  const page = await browser.open("about:blank");
  const refusal = {
    ...{ code: "unauthorized", message: "No token was sent.", hint: "Give one.", kind: "config" },
    ...{ where: {}, docs: "docs/errors.md#unauthorized" },
  };
  await page.route("**/api/**", async (route) =>
    route.request().headers().authorization === "Bearer my-token"
      ? route.continue()
      : route.fulfill({ status: 401, json: refusal }),
  );
  await page.goto("/dags");
  await page.getByText("No token was sent.").waitFor();
  await page.getByLabel("Token").fill("my-token");
  await page.getByRole("button", { name: "Use this token" }).click();
  await page.getByRole("list", { name: "DAGs" }).waitFor();
  await page.goto("/runs");
  await page.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
  expect(await page.getByText("No token was sent.").count()).toBe(0);
});

it("shows a refused upload beside the form, and keeps what was written", async () => {
  const page = await browser.open("/");
  await page.getByLabel("or its address").fill("https://example.org/cities.csv");
  await page.getByLabel("What happens to rows that are there").selectOption("upsert");
  await page.getByLabel("Key fields").fill("id");
  await page.route("**/api/load", (route) => route.abort());
  await page.getByRole("button", { name: "Load", exact: true }).click();
  await page.getByRole("heading", { name: "The file was not accepted" }).waitFor();
  expect(await page.getByLabel("Key fields").inputValue()).toBe("id");
});
