import { Command, CommanderError } from "commander";
import { AirCanError } from "../base/errors.ts";
import { fail } from "./command.ts";
import { addChecksCommand } from "./commands/checks.ts";
import { addConvertCommand } from "./commands/convert.ts";
import { addDagsCommand } from "./commands/dags.ts";
import { addDescribeCommand } from "./commands/describe.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addFormatsCommand } from "./commands/formats.ts";
import { addGcCommand } from "./commands/gc.ts";
import { addInitCommand } from "./commands/init.ts";
import { addJobsCommand } from "./commands/jobs.ts";
import { addLoadCommand } from "./commands/load.ts";
import { addProcessorsCommand } from "./commands/processors.ts";
import { addRunCommand } from "./commands/run.ts";
import { addRunsCommand } from "./commands/runs.ts";
import { addSchedulesCommand } from "./commands/schedules.ts";
import { addSecretsCommand } from "./commands/secrets.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addShowCommand } from "./commands/show.ts";
import { addTokensCommand } from "./commands/tokens.ts";
import { addValidateCommand } from "./commands/validate.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { openOutput } from "./output.ts";

/** The whole command line. Each command's own modules are imported when it is called. */
export function createProgram(version: string): Command {
  const program = new Command("aircan")
    .description("A data factory: build, run and watch flows over tabular data.")
    .version(version, "-V, --version")
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText("after", "\nExample:\n  aircan show cities.csv\n  aircan serve");
  for (const add of commands) add(program);
  return program;
}

/** In the order of the help. */
const commands: readonly ((program: Command) => void)[] = [
  addInitCommand,
  addRunCommand,
  addShowCommand,
  addDescribeCommand,
  addValidateCommand,
  addConvertCommand,
  addLoadCommand,
  addServeCommand,
  addWorkerCommand,
  addDagsCommand,
  addRunsCommand,
  addJobsCommand,
  addTokensCommand,
  addSchedulesCommand,
  addSecretsCommand,
  addGcCommand,
  addProcessorsCommand,
  addChecksCommand,
  addFormatsCommand,
  addDoctorCommand,
];

/** Runs one command line and sets the exit code. */
export async function runProgram(args: readonly string[], version: string): Promise<void> {
  const program = createProgram(version);
  if (args.length === 0) return program.outputHelp();
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const wanted = program.commands.find((command) => command.name() === args[0]);
    // a group without its command
    if (error.code === "commander.help" && wanted) {
      process.exitCode = 2;
      return wanted.outputHelp();
    }
    fail(
      new AirCanError("usage-error", usageMessage(error), {
        hint: `See \`aircan ${wanted ? `${wanted.name()} ` : ""}--help\`.`,
      }),
      openOutput({ json: args.includes("--json"), quiet: false, verbose: false }),
    );
  }
}

/** Commander's text as a sentence. */
function usageMessage({ message }: CommanderError): string {
  const text = message
    .replace(/^error: /, "")
    .replace(/\n\(?/, " (")
    .trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.)]$/.test(text) ? "" : "."}`;
}
