import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { AirCanError } from "../../base/errors.ts";
import type { SecretFacts } from "../../server/admin-contract.ts";
import type { List } from "../../server/contract.ts";
import { action, type Invocation } from "../command.ts";
import { renderTable } from "../table.ts";
import { withApi } from "./api-client.ts";
import { addClientCommand, addGroup } from "./client-options.ts";

/** `aircan secrets`: values that a conf names as `secret://name`. */
export function addSecretsCommand(program: Command): void {
  const secrets = addGroup(program, {
    usage: "secrets",
    summary: "set, list and remove secrets",
    example: "aircan secrets set portal-key < key.txt",
  });
  addClientCommand(secrets, {
    usage: "set <name>",
    summary: "set a secret; its value is read from standard input, never from the command line",
    example: "aircan secrets set portal-key < key.txt",
  }).action(action(set));
  addClientCommand(secrets, {
    usage: "list",
    summary: "names of the secrets",
    example: "aircan secrets list",
  }).action(action(list));
  addClientCommand(secrets, {
    usage: "remove <name>",
    summary: "forget a secret",
    example: "aircan secrets remove portal-key",
  }).action(action(remove));
}

const pathOf = (name: string): string => `/api/secrets/${encodeURIComponent(name)}`;

async function set(invocation: Invocation<object>, name = ""): Promise<undefined> {
  if (process.stdin.isTTY) invocation.output.say(`Type the value of "${name}", then Ctrl-D:`);
  const value = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (value === "") throw new AirCanError("usage-error", "Standard input holds no value for the secret.");
  await withApi(invocation, (api) => api.send("PUT", pathOf(name), { value }));
  invocation.output.result({ name }, () => `${name} is set; name it in a conf as secret://${name}`);
}

async function list(invocation: Invocation<object>): Promise<undefined> {
  const { output } = invocation;
  const page = await withApi(invocation, (api) => api.get<List<SecretFacts>>("/api/secrets"));
  output.result(page, () =>
    page.items.length === 0
      ? "No secrets."
      : renderTable(
          [{ title: "secret" }, { title: "set" }],
          page.items.map(({ name, updated }) => [name, updated.slice(0, 16).replace("T", " ")]),
          { width: output.width },
        ),
  );
}

async function remove(invocation: Invocation<object>, name = ""): Promise<undefined> {
  await withApi(invocation, (api) => api.send("DELETE", pathOf(name)));
  invocation.output.result({ name }, () => `${name} is gone.`);
}
