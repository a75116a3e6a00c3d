import type { RunRequest, Token } from "../factory/factory.ts";
import type { StartRequest } from "./contract.ts";

type RunFacts = Omit<StartRequest, "conf">;

/** What a request says of the run it starts. Without a `user` it is the token's name. */
export function runRequest(facts: RunFacts, caller: Token | undefined): Omit<RunRequest, "dag" | "conf"> {
  const user = facts.user ?? caller?.name;
  return {
    trigger: "api",
    ...(user === undefined ? {} : { user }),
    ...(facts.run_id === undefined ? {} : { runId: facts.run_id }),
    ...(facts.dataset === undefined ? {} : { dataset: facts.dataset }),
    ...(facts.resource === undefined ? {} : { resource: facts.resource }),
    ...(facts.callback_url === undefined ? {} : { callbackUrl: facts.callback_url }),
    ...(facts.idempotency_key === undefined ? {} : { idempotencyKey: facts.idempotency_key }),
    ...(facts.note === undefined ? {} : { note: facts.note }),
  };
}
