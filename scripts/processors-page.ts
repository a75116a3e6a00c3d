import { writeFile } from "node:fs/promises";
import { processorsPage } from "../src/flow/describe/markdown.ts";
import { processors } from "../src/processors/registry.ts";

await writeFile(new URL("../docs/reference/processors.md", import.meta.url), processorsPage(processors));
