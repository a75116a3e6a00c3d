import type { Command } from "commander";
import { addCommand, type CommandText, exampleText } from "../command.ts";
import { settingDefinitions } from "../settings.ts";

/** A subcommand that speaks to a factory, with the options that say to which. */
export function addClientCommand(parent: Command, text: CommandText): Command {
  const command = addCommand(parent, text);
  for (const name of ["url", "token", "data"] as const) {
    const { flag, summary } = settingDefinitions[name];
    command.option(`${flag} <${name}>`, summary);
  }
  return command;
}

/** A command that only holds subcommands. */
export function addGroup(program: Command, { usage, summary, example }: CommandText): Command {
  return program.command(usage).description(summary).addHelpText("after", exampleText(example));
}
