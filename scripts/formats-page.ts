import { writeFile } from "node:fs/promises";
import { fileFormats } from "../src/cli/write-file.ts";
import { formatsPage } from "../src/reading/formats/formats-page.ts";
import { formats } from "../src/reading/formats/registry.ts";

await writeFile(
  new URL("../docs/reference/formats.md", import.meta.url),
  formatsPage(formats, Object.keys(fileFormats)),
);
