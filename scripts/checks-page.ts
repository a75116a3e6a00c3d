import { writeFile } from "node:fs/promises";
import { checksPage } from "../src/checks/describe-check.ts";

await writeFile(new URL("../docs/reference/checks.md", import.meta.url), checksPage());
