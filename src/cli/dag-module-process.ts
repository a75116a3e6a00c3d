import { toAirCanError } from "../base/errors.ts";
import { type DagModuleAnswer, definitionOf } from "./dag-file.ts";
import { readDagModule } from "./module-task.ts";

/** The process that reads one TypeScript DAG file, and says the DAG on its last line. */
const file = process.argv[2] ?? "";
const answer: DagModuleAnswer = await readDagModule(file).then(
  (dag) => ({ dag: definitionOf(dag, file) }),
  (error: unknown) => ({ error: toAirCanError(error).toJSON() }),
);
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
