import { loadParams } from "./load/conf.ts";

/**
 * The built-in DAG `load`: a file or URL goes into a table of the DataStore. Each task writes what it found
 * below its own address, so that a later try, and the one who asks what happened, start from there.
 */
export const loadDag = {
  dag: "load",
  title: "Load a file into the DataStore",
  description:
    "Fetches a file, checks every cell, loads the rows into a table of the DataStore, and says what happened.",
  jobType: "LOAD",
  params: loadParams,
  tasks: {
    fetch: { kind: "load.fetch", title: "Fetch", retries: 2, timeout: "1h" },
    check: { kind: "load.check", title: "Check", after: ["fetch"], retries: 1, timeout: "2h" },
    load: { kind: "load.load", title: "Load", after: ["check"], retries: 3, timeout: "4h" },
    notify: { kind: "load.notify", title: "Notify", after: ["load"], retries: 2, timeout: "5m" },
  },
} as const;
