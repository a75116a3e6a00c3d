import { createHmac, randomBytes } from "node:crypto";
import { AirCanError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { postText } from "../storage/http.ts";
import type { Database } from "./database/database.ts";
import { showJob, showRun } from "./queries.ts";
import type { Secrets } from "./secrets.ts";
import { openTurns } from "./turns.ts";

export interface CallbackParts {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly allowPrivate: boolean | readonly string[];
  readonly log: Log;
}

interface Due {
  readonly run_id: string;
  readonly attempt: number;
  readonly tries: number;
  readonly callback_url: string;
}

/** The secret that callbacks are signed with; made up if nobody set it. */
export const callbackSecret = "callback";

const every = 2_000;
const timeout = 10_000;
/** Seconds to wait after the first, second … try that failed. After the last one it is given up. */
const waits = [1, 5, 25, 120, 600, 3_600, 3 * 3_600];
/** A claimed callback whose process died is due again after this. */
const claimed = "30 seconds";

/**
 * Tells the callback addresses of ended runs how they ended: at least once, also after a crash, and without
 * any effect on the run. The body is JSON, `{type: "run.ended", run, job}`; the header `X-AirCan-Signature` is
 * `sha256=` and the HMAC-SHA256 of the body with the secret `callback`, in hexadecimal.
 */
export function openCallbacks(parts: CallbackParts): { readonly close: () => Promise<void> } {
  const closing = new AbortController();
  const sendAll = async () => {
    while ((await sendDue(parts, closing.signal)) > 0);
  };
  const turns = openTurns(sendAll, {
    every,
    failed: (error) => parts.log("debug", `Looking for callbacks failed: ${messageOf(error)}`),
  });
  const deaf = parts.database.listen("aircan_callback", turns.ring);
  return {
    close: async () => {
      closing.abort();
      deaf();
      await turns.close();
    },
  };
}

async function sendDue(parts: CallbackParts, closing: AbortSignal): Promise<number> {
  const due = await parts.database.query<Due>(
    `with chosen as (
       select run_id, attempt from aircan.callback
       where delivered is null and given_up is null and due <= now()
       order by due limit 10 for update skip locked
     )
     update aircan.callback set tries = tries + 1, due = now() + interval '${claimed}'
     from chosen, aircan.run
     where callback.run_id = chosen.run_id and callback.attempt = chosen.attempt and run.id = chosen.run_id
     returning callback.run_id, callback.attempt, callback.tries, run.callback_url`,
  );
  await Promise.all(due.map((one) => deliver(one, parts, closing)));
  return due.length;
}

async function deliver(one: Due, parts: CallbackParts, closing: AbortSignal): Promise<void> {
  const { database, allowPrivate, log } = parts;
  const place = [one.run_id, one.attempt];
  try {
    const body = await bodyOf(one.run_id, database);
    await postText(one.callback_url, {
      body,
      headers: {
        "content-type": "application/json",
        "x-aircan-signature": await signatureOf(body, parts.secrets),
      },
      allowPrivate,
      idleTimeout: timeout,
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeout)]),
    });
    await database.query(
      "update aircan.callback set delivered = now(), last_error = null where run_id = $1 and attempt = $2",
      place,
    );
  } catch (error) {
    if (closing.aborted) return;
    const wait =
      error instanceof AirCanError && error.code === "unsafe-path" ? undefined : waits[one.tries - 1];
    const next = wait === undefined ? "It is given up." : `It is sent again in ${wait} seconds.`;
    log("warning", `The callback of run ${one.run_id} was not delivered: ${messageOf(error)} ${next}`);
    await database.query(
      `update aircan.callback set last_error = $3, due = now() + make_interval(secs => coalesce($4::int, 0)),
              given_up = case when $4::int is null then now() end
       where run_id = $1 and attempt = $2`,
      [...place, messageOf(error), wait ?? null],
    );
  }
}

async function bodyOf(id: string, database: Database): Promise<string> {
  const run = await showRun(database, id);
  return JSON.stringify({ type: "run.ended", run, job: await showJob(database, run.job_id) });
}

async function signatureOf(body: string, secrets: Secrets): Promise<string> {
  const key = await secrets.resolve(callbackSecret).catch(async (error: unknown) => {
    if (!(error instanceof AirCanError && error.code === "not-found")) throw error;
    await secrets.set(callbackSecret, randomBytes(32).toString("hex"));
    return secrets.resolve(callbackSecret);
  });
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}
