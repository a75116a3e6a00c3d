import type { Command } from "commander";
import { AirCanError } from "../../base/errors.ts";
import { nearestName } from "../../base/nearest-name.ts";
import type { CheckDescription } from "../../checks/describe-check.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { renderTable } from "../table.ts";

/** `aircan checks`: what `aircan validate` looks for. */
export function addChecksCommand(program: Command): void {
  addCommand(program, {
    usage: "checks [name]",
    summary: "list what validate looks for, or explain one check",
    example: "aircan checks\naircan checks type-error\naircan checks forbidden-value",
  }).action(action(list));
}

async function list({ output }: Invocation<object>, name?: string): Promise<undefined> {
  const { describeChecks } = await import("../../checks/describe-check.ts");
  const all = describeChecks();
  if (name === undefined) {
    output.result(all, () =>
      renderTable(
        [{ title: "check" }, { title: "made" }, { title: "finds" }],
        all.map((check) => [check.name, check.always ? "always" : "if asked for", check.summary]),
        { width: output.width, widest: 200 },
      ),
    );
    return;
  }
  const found = all.find((check) => check.name === name);
  if (found === undefined) throw unknownCheck(name, all);
  output.result(found, () => explanation(found));
}

function unknownCheck(name: string, all: readonly CheckDescription[]): AirCanError {
  const names = all.map((check) => check.name);
  const nearest = nearestName(name, names);
  return new AirCanError(
    "not-found",
    `There is no check "${name}"; known are ${names.join(", ")}.`,
    nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` },
  );
}

function explanation({ name, summary, hint, tags, parameters, example }: CheckDescription): string {
  const lines = parameters.map(({ name, type, required, standard, description }) => {
    const told = required ? "required" : standard === null ? "" : `default ${JSON.stringify(standard)}`;
    return `  ${name}  ${[type, told].filter(Boolean).join(", ")}: ${description}`;
  });
  return [
    `${name}: ${summary}`,
    "",
    `What to do: ${hint}`,
    `Tags: ${tags.join(" ")}`,
    ...(lines.length > 0 ? ["", "Parameters:", ...lines] : []),
    ...(example
      ? ["", "In a file for `validate --checks`:", `  ${JSON.stringify({ checks: [example] })}`]
      : []),
  ].join("\n");
}
