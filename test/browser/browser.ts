import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, type ConsoleMessage, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

const results = fileURLToPath(new URL(".results", import.meta.url));

/** A Chromium from the system's packages. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export interface Browser {
  /** A new page at an address of the factory. What the page throws fails the test. */
  readonly open: (path: string, options?: PageOptions) => Promise<Page>;
}

interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

/** Starts a browser for a test file and closes it in the end; pages are closed after each test. */
export function startBrowser(): Browser {
  let context: BrowserContext;
  let profile: string;
  const faults: string[] = [];
  beforeAll(async () => {
    profile = await mkdtemp(join(tmpdir(), "aircan-chromium-"));
    context = await launch(profile);
  });
  afterEach(async () => {
    const [, ...opened] = context.pages();
    await Promise.all(opened.map((page) => page.close()));
    expect(faults.splice(0), "what the pages threw or complained of").toEqual([]);
  });
  afterAll(async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  });
  return {
    open: async (path, { width = 1200, height = 900, colorScheme = "light" } = {}) => {
      const page = await context.newPage();
      page.on("pageerror", (error) => faults.push(`${path}: ${error.message}`));
      page.on("console", (message) => {
        if (isFault(message)) faults.push(`${path}: ${message.text()}`);
      });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height });
      await page.goto(path);
      return page;
    },
  };
}

async function launch(profile: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    baseURL: inject("factoryUrl"),
    permissions: ["clipboard-read", "clipboard-write"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  context.setDefaultTimeout(20_000);
  return context;
}

/** React's warnings and broken rules of the content policy; that a request was refused is part of many tests. */
function isFault(message: ConsoleMessage): boolean {
  return message.type() === "error" && !message.text().startsWith("Failed to load resource");
}

/** With `PICTURES=1`: keeps a picture of a page, to be looked at, in a folder that git ignores. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (!process.env.PICTURES) return;
  await page.screenshot({ path: join(results, `${name}.png`), fullPage: true });
}
