import { z } from "zod";
import { listOf, text } from "./contract.ts";

/** Shapes of the calls that look after a factory: tokens, secrets, garbage, and what processors there are. */

const scope = z.enum(["read", "run", "admin"]);
export const token = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(scope).readonly(),
    created: z.string(),
    last_used: z.string().nullable(),
  })
  .meta({ id: "Token" });
export const tokenList = listOf(token, "TokenList");
export const tokenRequest = z
  .strictObject({ name: text, scopes: z.array(scope).min(1).default(["read"]) })
  .meta({ id: "TokenRequest" });
export const createdToken = token
  .extend({ token: z.string().describe("The clear text, given only here.") })
  .meta({ id: "CreatedToken" });
export type CreatedToken = z.output<typeof createdToken>;
export type TokenFacts = z.output<typeof token>;

export const secret = z.object({ name: z.string(), updated: z.string() }).meta({ id: "Secret" });
export const secretList = listOf(secret, "SecretList");
export const secretRequest = z
  .strictObject({ value: z.string().min(1).max(100_000) })
  .meta({ id: "SecretRequest" });
export type SecretFacts = z.output<typeof secret>;

export const garbageRequest = z
  .strictObject({
    older_than_days: z.number().min(0).max(36_500).default(30),
    dry_run: z.boolean().default(false),
  })
  .meta({ id: "GarbageRequest" });
export const garbageReport = z
  .object({
    runs: z.array(z.string()).readonly(),
    kept: z.array(z.object({ run: z.string(), why: z.string() })).readonly(),
  })
  .meta({ id: "GarbageReport" });
export type GarbageFacts = z.output<typeof garbageReport>;

export const processor = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    category: z.string(),
    config: z.record(z.string(), z.unknown()).describe("JSON Schema of its configuration."),
  })
  .meta({ id: "Processor" });
export const processorList = listOf(processor, "ProcessorList");

export const check = z
  .object({
    name: z.string(),
    summary: z.string(),
    hint: z.string().describe("What to do about what it finds."),
    tags: z.array(z.string()).readonly(),
    always: z.boolean().describe("Made without being asked for."),
    parameters: z
      .array(
        z.object({
          name: z.string(),
          type: z.string(),
          required: z.boolean(),
          standard: z.unknown().describe("Its value if it is not told."),
          description: z.string(),
        }),
      )
      .readonly(),
    example: z.record(z.string(), z.unknown()).nullable().describe("An entry of a checklist."),
  })
  .meta({ id: "Check" });
export const checkList = listOf(check, "CheckList");
