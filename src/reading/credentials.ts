import { AirCanError } from "../base/errors.ts";
import type { Resource } from "../descriptor/types.ts";
import type { ReadingContext, ReadingOptions } from "./options.ts";
import { downloadAddress } from "./sources/links.ts";

/** The context with the secret that the options name, meant for the origin of the source and for no other. */
export async function withCredentials(
  source: string | Resource,
  { secret }: ReadingOptions,
  context: ReadingContext,
): Promise<ReadingContext> {
  if (secret === undefined) return context;
  const path = typeof source === "string" ? source : source.path;
  const address = typeof path === "string" ? path : path?.[0];
  if (address === undefined || !/^https?:/i.test(address) || !URL.canParse(address)) return context;
  const { origin } = new URL(downloadAddress(address));
  return { ...context, credentials: { origin, value: await secretValue(secret, context) } };
}

/**
 * What `secret://name` stands for: the environment variable `AIRCAN_SECRET_NAME`, else the secret of the
 * factory; a text that is no name of a secret is itself.
 *
 * @throws AirCanError `config-error` if there is no such secret, or it is empty or has a line break.
 */
export async function secretValue(text: string, { secret }: Pick<ReadingContext, "secret">): Promise<string> {
  const name = /^secret:\/\/(.+)$/.exec(text)?.[1];
  if (name === undefined) return checked(text, "given here");
  const variable = `AIRCAN_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
  const value = process.env[variable] ?? (await secret?.(name));
  if (value !== undefined) return checked(value.replace(/\r?\n$/, ""), `"${name}"`);
  throw new AirCanError("config-error", `There is no secret "${name}".`, {
    hint: `Set the environment variable ${variable}.`,
    where: { secret: name },
  });
}

function checked(value: string, name: string): string {
  if (value !== "" && !/[\r\n\0]/.test(value)) return value;
  throw new AirCanError("config-error", `The secret ${name} is empty or has line breaks.`, {
    hint: "Store it again, as one line.",
  });
}
