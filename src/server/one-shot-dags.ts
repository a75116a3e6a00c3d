import type { DagDefinition } from "../factory/task.ts";

/** Behind `POST /api/validate`: a file is fetched and checked, and that is all. */
export const validateDag: DagDefinition = {
  dag: "validate",
  title: "Check a file",
  description: "Fetches a file and checks every cell; the report says what was found.",
  jobType: "VALIDATE",
  params: {
    resource: {
      type: "object",
      title: "Resource",
      description:
        "A Frictionless resource: `path` (URL, or address of an upload), schema, dialect, encoding.",
      properties: { path: { type: "string", minLength: 1 }, name: { type: "string" } },
      required: ["path"],
    },
    name: { type: "string", title: "Name", minLength: 1, required: true },
    checks: {
      type: "object",
      title: "Checks",
      description: "A checklist: `checks`, `pickErrors`, `skipErrors`.",
    },
    limit_errors: { type: "integer", title: "Errors listed", minimum: 0 },
    limit_rows: { type: "integer", title: "Rows tested", minimum: 0 },
    skip_unchanged: {
      type: "boolean",
      title: "Skip if unchanged",
      description: "Where the source is as it was at the last run, that run's report stands.",
    },
  },
  tasks: {
    check: { kind: "validate", title: "Check", retries: 1, timeout: "3h" },
  },
};

/** Behind `POST /api/flows/run`: the flow stands in the conf, beside its parameters. */
export const flowDag: DagDefinition = {
  dag: "flow",
  title: "Run a flow",
  description: "Runs the flow that the conf holds.",
  jobType: "FLOW",
  params: {
    flow: { type: "array", title: "Flow", description: "Steps: `{processor: config}` each.", required: true },
  },
  tasks: { flow: { kind: "flow", title: "Run the flow", timeout: "4h" } },
};
