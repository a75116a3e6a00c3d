import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** In development (`vite --config ui/vite.config.ts`) the API of a running factory stands behind the page. */
const factory = process.env.AIRCAN_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: here("."),
  plugins: [react()],
  build: {
    outDir: here("../dist/ui"),
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
  },
  server: { proxy: { "/api": factory, "/health": factory, "/ready": factory, "/datastore": factory } },
});
