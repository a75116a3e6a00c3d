import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Python in a virtual environment of the bench's own with the peers in it, made once; needs Python with venv and a package index. */
export function python(): string {
  const path = `${here}.venv/bin/python`;
  if (existsSync(`${here}.venv/.installed`)) return path;
  execFileSync("python3", ["-m", "venv", `${here}.venv`], { stdio: "inherit" });
  const wanted = ["-m", "pip", "install", "--quiet", "-r", `${here}requirements.txt`];
  execFileSync(path, wanted, { stdio: ["ignore", 2, "inherit"] });
  execFileSync("touch", [`${here}.venv/.installed`]);
  return path;
}
