import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `dist/`: the program as JavaScript, and the page in `dist/ui/`. What `npm pack` puts into the tarball. */
const root = fileURLToPath(new URL("..", import.meta.url));
const steps = [
  ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"],
  ["node_modules/vite/bin/vite.js", "build", "--config", "ui/vite.config.ts", "--logLevel", "warn"],
];

rmSync(`${root}dist`, { recursive: true, force: true });
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
