import { type Command, Option } from "commander";
import type { CreatedToken, TokenFacts } from "../../server/admin-contract.ts";
import type { List } from "../../server/contract.ts";
import { action, type Invocation } from "../command.ts";
import type { Output } from "../output.ts";
import { renderTable } from "../table.ts";
import { withApi } from "./api-client.ts";
import { addClientCommand, addGroup } from "./client-options.ts";

interface CreateOptions {
  readonly scopes: readonly string[];
}

/** `aircan tokens`: who may call the API. */
export function addTokensCommand(program: Command): void {
  const tokens = addGroup(program, {
    usage: "tokens",
    summary: "create, list and revoke tokens of the API",
    example: "aircan tokens create portal --scopes read run",
  });
  addClientCommand(tokens, {
    usage: "create <name>",
    summary: "make a token; from the first one on every call needs one",
    example: "aircan tokens create portal --scopes read run",
  })
    .addOption(
      new Option("--scopes <scopes...>", "what it may do; each includes those before it")
        .choices(["read", "run", "admin"])
        .default(["read"]),
    )
    .action(action(create));
  addClientCommand(tokens, {
    usage: "list",
    summary: "the tokens, without their texts",
    example: "aircan tokens list",
  }).action(action(list));
  addClientCommand(tokens, {
    usage: "revoke <id>",
    summary: "make a token worthless",
    example: "aircan tokens revoke 3f2a9c1b7d4e",
  }).action(action(revoke));
}

/** The text of the token is all that stands on stdout, so that a script can take it. */
async function create(invocation: Invocation<CreateOptions>, name = ""): Promise<undefined> {
  const { output, options } = invocation;
  const made = await withApi(invocation, (api) =>
    api.send<CreatedToken>("POST", "/api/tokens", { name, scopes: options.scopes }),
  );
  output.say(`Token "${made.name}" (${made.id}), for ${made.scopes.join(", ")}. It is shown only now:`);
  output.result(made, () => made.token);
}

async function list(invocation: Invocation<object>): Promise<undefined> {
  const page = await withApi(invocation, (api) => api.get<List<TokenFacts>>("/api/tokens"));
  invocation.output.result(page, () => tokensText(page.items, invocation.output));
}

async function revoke(invocation: Invocation<object>, id = ""): Promise<undefined> {
  const left = await withApi(invocation, (api) =>
    api.send<List<TokenFacts>>("DELETE", `/api/tokens/${encodeURIComponent(id)}`),
  );
  invocation.output.result(left, () =>
    left.items.length === 0
      ? `${id} is revoked. There is no token left: the factory answers this machine only.`
      : `${id} is revoked.`,
  );
}

function tokensText(tokens: readonly TokenFacts[], { width, style }: Output): string {
  if (tokens.length === 0) return "No tokens: the factory answers this machine only.";
  const columns = ["id", "name", "scopes", "created", "last used"].map((title) => ({ title }));
  const rows = tokens.map(({ id, name, scopes, created, last_used }) => [
    id,
    name,
    scopes.join(", "),
    created.slice(0, 10),
    last_used?.slice(0, 16).replace("T", " ") ?? "never",
  ]);
  return renderTable(columns, rows, { width, dim: (line) => style("dim", line) });
}
