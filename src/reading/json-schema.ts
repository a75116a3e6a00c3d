import { createRequire } from "node:module";
import type * as ajv from "ajv";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import type * as ajv2020 from "ajv/dist/2020.js";
import { RE2JS } from "re2js";
import { AirCanError, messageOf } from "../base/errors.ts";
import { isJsonObject, type JsonObject } from "../descriptor/problem.ts";

/** Larger ones are refused: they come from outside, and are compiled to code. */
const mostCharacters = 100_000;

/** Patterns in a schema come from outside too: RE2 takes time in proportion to the text. */
const linear = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.matcher(text).find() };
  },
  { code: "" },
);

const options: Options = {
  code: { regExp: linear },
  strict: false,
  validateFormats: false,
  logger: false,
};

/**
 * A test of JSON values (cells of the types array and object) by the schema of the constraint `jsonSchema`:
 * draft 6, 7, 2019-09 or 2020-12, without references to other documents; formats are not tested. Gives
 * what is wrong, such as `/a/0 must be string`, or undefined.
 *
 * @throws AirCanError `field-error` for a schema that cannot be used.
 */
export function jsonSchemaTest(schema: JsonObject): (value: unknown) => string | undefined {
  const test = compiled(schema);
  return (value) => (test(value) ? undefined : wordsOf(test.errors?.[0]));
}

/** A place in a JSON value, as a JSON pointer, and what is wrong there: `must have required property 'title'`. */
export interface Misfit {
  readonly pointer: string;
  readonly message: string;
}

/**
 * A test of descriptors by the JSON Schema of a profile, which tells all that is wrong. What the profile refers
 * to is left out where `isKnown` says so, as it is tested elsewhere.
 *
 * @throws AirCanError `field-error` for a schema that cannot be used.
 */
export function profileTest(
  schema: JsonObject,
  isKnown: (reference: string) => boolean,
): (descriptor: JsonObject) => readonly Misfit[] {
  const test = compiled(withoutReferences(schema, isKnown), { ...options, allErrors: true });
  return (descriptor) => {
    test(descriptor);
    const misfits = (test.errors ?? []).map((error) => ({
      pointer: error.instancePath,
      message: wordsOf({ ...error, instancePath: "" }),
    }));
    return [...new Map(misfits.map((misfit) => [`${misfit.pointer} ${misfit.message}`, misfit])).values()];
  };
}

function withoutReferences(schema: JsonObject, isKnown: (reference: string) => boolean): JsonObject {
  return JSON.parse(JSON.stringify(schema), (_, value) =>
    isJsonObject(value) && typeof value.$ref === "string" && isKnown(value.$ref) ? {} : value,
  );
}

/** Why a schema cannot be used; undefined if it can. */
export function jsonSchemaProblem(schema: JsonObject): string | undefined {
  try {
    compiled(schema);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

// Ajv is loaded when a schema needs it, which few do
const require = createRequire(import.meta.url);
const loadAjv = (): typeof ajv => require("ajv"); // the types of the packages that are loaded
const load2020 = (): typeof ajv2020 => require("ajv/dist/2020.js");

function compiled(schema: JsonObject, told = options): ValidateFunction {
  if (JSON.stringify(schema).length > mostCharacters)
    throw new AirCanError("field-error", `The JSON Schema has more than ${mostCharacters} characters.`);
  const isNew = typeof schema.$schema === "string" && /20(19-09|20-12)/.test(schema.$schema);
  const { $schema: _, $id: __, ...rest } = schema;
  try {
    const Ajv = isNew ? load2020().Ajv2020 : loadAjv().Ajv;
    return new Ajv(told).compile(rest);
  } catch (error) {
    throw new AirCanError("field-error", `The JSON Schema cannot be used: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function wordsOf(error: ErrorObject | undefined): string {
  if (error === undefined) return "it does not fit";
  const names = Object.entries(error.params)
    .filter(([key]) => ["additionalProperty", "allowedValue", "allowedValues"].includes(key))
    .map(([, value]) => ` (${JSON.stringify(value)})`);
  return `${error.instancePath} ${error.message ?? error.keyword}${names.join("")}`.trim();
}
