export { type ExampleOutcome, runExample } from "./run-example.ts";
