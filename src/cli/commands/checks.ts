import type { Command } from "commander";
import { catalogue, type ErrorCode } from "../../base/catalogue.ts";
import { AirCanError } from "../../base/errors.ts";
import { action, addCommand, type Invocation } from "../command.ts";
import { renderTable } from "../table.ts";

/** `aircan checks`: what `aircan validate` looks for. */
export function addChecksCommand(program: Command): void {
  addCommand(program, {
    usage: "checks [name]",
    summary: "list what validate looks for, or explain one finding",
    example: "aircan checks\naircan checks type-error",
  }).action(action(list));
}

async function list({ output }: Invocation<object>, name?: string): Promise<undefined> {
  const { checkedTypes, tagsOf } = await import("../../checks/report-error.ts");
  const all = checkedTypes.map((type) => {
    const { summary, hint } = catalogue[type as ErrorCode]; // types of findings are codes
    return { name: type, summary, hint, tags: tagsOf(type) };
  });
  if (name === undefined) {
    output.result(all, () =>
      renderTable(
        [{ title: "check" }, { title: "finds" }],
        all.map((check) => [check.name, check.summary]),
        { width: output.width, widest: 200 },
      ),
    );
    return;
  }
  const found = all.find((check) => check.name === name);
  if (found === undefined)
    throw new AirCanError("not-found", `There is no check "${name}"; known are ${checkedTypes.join(", ")}.`);
  output.result(
    found,
    () => `${found.name}: ${found.summary}\n\nWhat to do: ${found.hint}\nTags: ${found.tags.join(" ")}`,
  );
}
