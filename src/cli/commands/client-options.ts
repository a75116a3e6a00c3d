import type { Command } from "commander";
import { addCommand, type CommandText } from "../command.ts";
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
export function addGroup(program: Command, name: string, summary: string): Command {
  return program.command(name).description(summary);
}
