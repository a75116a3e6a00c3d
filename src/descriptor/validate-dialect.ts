import {
  type DescriptorProblem,
  isJsonObject,
  type JsonObject,
  pointerTo,
  propertyProblems,
  type Rule,
  rules,
} from "./problem.ts";
import { withPlaces } from "./source-text.ts";

const text: Rule = {
  expected: "a text, or null",
  fits: (value) => value === null || typeof value === "string",
};
const place = {
  expected: "a name, or a number from 1",
  fits: (value: unknown) => typeof value === "string" || (Number.isInteger(value) && Number(value) >= 1),
};

const textRules = {
  delimiter: rules.character,
  lineTerminator: rules.text,
  quoteChar: rules.optionalCharacter,
  doubleQuote: rules.flag,
  escapeChar: rules.optionalCharacter,
  nullSequence: text,
  skipInitialSpace: rules.flag,
  commentChar: text,
} as const;

const itemRules = {
  property: rules.text,
  itemType: { expected: '"array" or "object"', fits: (value) => value === "array" || value === "object" },
  itemKeys: rules.texts,
} as const satisfies Readonly<Record<string, Rule>>;

/** What Frictionless nests by format, beside the flat properties of version 2. */
const nestedRules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  csv: textRules,
  json: { keys: rules.texts, keyed: rules.flag, property: rules.text },
  excel: {
    sheet: place,
    sheetName: rules.text,
    sheetNumber: {
      expected: "a number from 1",
      fits: (value) => Number.isInteger(value) && Number(value) >= 1,
    },
    range: rules.text,
    fillMergedCells: rules.flag,
    preserveFormatting: rules.flag,
    adjustFloatingPointError: rules.flag,
    stringified: rules.flag,
  },
  ods: { sheet: place },
  sql: {
    table: rules.text,
    orderBy: rules.text,
    where: rules.text,
    namespace: rules.text,
    basepath: rules.text,
  },
  html: { selector: rules.text },
};

const dialectRules: Readonly<Record<string, Rule>> = {
  ...textRules,
  ...itemRules,
  $schema: rules.text,
  title: rules.text,
  description: rules.text,
  header: rules.flag,
  headerRows: rules.rowNumbers,
  headerJoin: rules.text,
  headerCase: rules.flag,
  commentRows: rules.rowNumbers,
  skipBlankRows: rules.flag,
  sheetNumber: {
    expected: "a number from 1",
    fits: (value) => Number.isInteger(value) && Number(value) >= 1,
  },
  sheetName: rules.text,
  range: rules.text,
  table: rules.text,
  csvddfVersion: { expected: "a version", fits: (value) => ["string", "number"].includes(typeof value) },
  caseSensitiveHeader: rules.flag,
  ...Object.fromEntries(Object.keys(nestedRules).map((name) => [name, rules.object])),
};

/** What is wrong with a dialect, flat or with Frictionless's nested forms. */
export function dialectProblems(dialect: unknown, pointer = ""): DescriptorProblem[] {
  const place = { code: "dialect-error" as const, pointer };
  if (!isJsonObject(dialect)) return [{ ...place, message: "The dialect is not an object." }];
  const nested = Object.entries(nestedRules).flatMap(([name, known]) => {
    const told = dialect[name];
    const at = { ...place, pointer: pointerTo(pointer, name), what: `"${name}" in the dialect` };
    return isJsonObject(told) ? propertyProblems(told, known, at) : [];
  });
  return withPlaces(
    [
      ...propertyProblems(dialect, dialectRules, { ...place, what: "the dialect" }),
      ...nested,
      ...clashes(flat(dialect), pointer),
    ],
    dialect,
    pointer,
  );
}

const flat = (dialect: JsonObject): JsonObject => ({
  ...(isJsonObject(dialect.csv) ? dialect.csv : {}),
  ...dialect,
});

/** Properties that cannot hold at the same time. */
function clashes(dialect: JsonObject, pointer: string): DescriptorProblem[] {
  const problem = (name: string, message: string): DescriptorProblem => ({
    code: "dialect-error",
    pointer: pointerTo(pointer, name),
    message,
  });
  const { delimiter, quoteChar, header, headerRows } = dialect;
  return [
    ...(delimiter !== undefined && delimiter === quoteChar
      ? [problem("quoteChar", "The dialect has the same character as delimiter and as quote.")]
      : []),
    ...(header === false && Array.isArray(headerRows) && headerRows.length > 0
      ? [problem("headerRows", "The dialect names rows of the header, but says that there is no header.")]
      : []),
  ];
}
