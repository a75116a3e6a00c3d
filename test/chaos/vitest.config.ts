import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Kills at random moments: `npm run chaos`, with `CHAOS_ROUNDS` (20) and `CHAOS_SEED` (of the clock; printed). */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/chaos/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    pool: "forks",
  },
});
