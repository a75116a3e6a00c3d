import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Reading from real servers: S3, Google Cloud Storage, FTP. They are Python programs; see `servers.ts`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/storage/**/*.test.ts"],
    globalSetup: ["test/storage/servers.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 300_000,
    pool: "forks",
  },
});
