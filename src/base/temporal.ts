import { createRequire } from "node:module";

/** `Temporal` of the runtime, or the polyfill's on a runtime that has none (Node 24). */
export const Temporal: typeof globalThis.Temporal =
  globalThis.Temporal ?? createRequire(import.meta.url)("temporal-polyfill").Temporal;
