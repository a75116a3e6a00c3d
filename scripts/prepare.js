// Runs after `npm install` in a checkout, on whatever Node npm has: builds the page that `npm start` serves.
// In a production install (`--omit=dev`) there is nothing to build with, and nothing to do.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vite = fileURLToPath(new URL("../node_modules/vite/bin/vite.js", import.meta.url));
const node = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));

if (existsSync(vite) && existsSync(node) && existsSync(`${root}ui/vite.config.ts`)) {
  const { status, stdout, stderr } = spawnSync(
    node,
    [vite, "build", "--config", "ui/vite.config.ts", "--logLevel", "warn"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  if (status !== 0)
    process.stderr.write(`The page was not built; \`npm run build\` says why.\n${stdout}${stderr}`);
}
