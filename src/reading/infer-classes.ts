import { type CellClass, type ClassFamily, unnamed } from "./cell-class.ts";
import { clocks, dashes, dots, iso, months, slashes } from "./infer-dates.ts";
import { escapePattern } from "./types/numeric.ts";
import { cellTest } from "./types/registry.ts";

const digitsWithout = (count: string) => `[1-9][0-9]{0,2}${count}`;

/** Digits after a mark that are not just three: those could be a group of thousands. */
function decimals(mark: string): string {
  const point = escapePattern(mark);
  return `-?(?:0|[1-9][0-9]{3,})?${point}[0-9]+|-?[1-9][0-9]{0,2}${point}(?:[0-9]{1,2}|[0-9]{4,})`;
}

/** What stands between groups of three digits, with the word for it in the names of classes. */
export const groupChars = {
  comma: ",",
  point: ".",
  space: " ",
  nbsp: "\u00a0",
  narrow: "\u202f",
  quote: "'",
} as const;

function groupClasses([word, char]: [string, string]): CellClass[] {
  const group = escapePattern(char);
  const isMark = char === "," || char === ".";
  const grouped = digitsWithout(`(?:${group}[0-9]{3})`);
  const point = char === "," ? ["point"] : char === "." ? ["comma"] : ["point", "comma"];
  return [
    { name: `${word}-grouped`, pattern: `-?${grouped}${isMark ? "{2,}" : "+"}` },
    ...point.map((mark) => ({
      name: `${word}-grouped-${mark}`,
      pattern: `-?${grouped}+${mark === "point" ? "\\." : ","}[0-9]+`,
    })),
  ];
}

const spaces = `${groupChars.space}${groupChars.nbsp}${groupChars.narrow}`;

const numbers: ClassFamily = {
  name: "number",
  guard: `-?[0-9.][0-9.,'${spaces}]*(?:[eE][+-]?[0-9]+)?`,
  classes: [
    { name: "bit", pattern: "[01]" },
    { name: "year", pattern: "(?:1[5-9]|20)[0-9]{2}" },
    { name: "compact-date", pattern: "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])" },
    { name: "integer", pattern: "-?(?:0|[1-9][0-9]{0,17})" },
    { name: "long-integer", pattern: "-?[1-9][0-9]{18,}" },
    {
      name: "number",
      pattern: `${decimals(".")}|-?(?:0|[1-9][0-9]*)?\\.[0-9]+[eE][+-]?[0-9]+|-?(?:0|[1-9][0-9]*)\\.?[eE][+-]?[0-9]+`,
    },
    { name: "point-thousand", pattern: "-?[1-9][0-9]{0,2}\\.[0-9]{3}" },
    { name: "comma-thousand", pattern: "-?[1-9][0-9]{0,2},[0-9]{3}" },
    { name: "comma-number", pattern: decimals(",") },
    ...Object.entries(groupChars).flatMap(groupClasses),
    { name: "zero-led", pattern: "-?0[0-9]+" },
  ],
};

const words: ClassFamily = {
  name: "word",
  guard: "[tT][rR].*|[fF][aA].*",
  classes: [{ name: "boolean", pattern: "true|True|TRUE|false|False|FALSE" }],
};

const json: ClassFamily = {
  name: "json",
  guard: "\\{[\\s\\S]*\\}|\\[[\\s\\S]*\\]",
  classes: [
    { name: "object", pattern: "\\{[\\s\\S]*\\}", field: unnamed({ type: "object" }) },
    { name: "array", pattern: "\\[[\\s\\S]*\\]", field: unnamed({ type: "array" }) },
  ],
};

const phones: ClassFamily = {
  name: "phone",
  guard: "\\+[0-9].*",
  classes: [{ name: "phone", pattern: "\\+[0-9][0-9 ()/-]{5,}" }],
};

/** The families in the order in which they are tried. */
export const families: readonly ClassFamily[] = [
  dots,
  numbers,
  iso,
  slashes,
  dashes,
  clocks,
  months,
  words,
  json,
  phones,
];

/** Words that stand for no value; a class each, as people are asked about them one by one. */
export const wordsForNothing =
  "n/?a|N/?A|n\\.a\\.|N\\.A\\.|null|NULL|Null|none|None|NONE|nil|nan|NaN|NAN|-|--|---|\\.|\\.\\.|\\.\\.\\.|\\?|#N/A|#REF!|#VALUE!|#DIV/0!|#NAME\\?|#NUM!|#NULL!";

/** Units that may stand before or after a number: one class each and kind of number, such as `€ comma-number`. */
const units = [
  "%",
  "‰",
  "€",
  "$",
  "£",
  "¥",
  "₹",
  "₽",
  "zł",
  "Kč",
  "kr.",
  "kr",
  "Kr",
  "NOK",
  "SEK",
  "DKK",
  "EUR",
  "USD",
  "GBP",
  "CHF",
  "PLN",
  "CZK",
];
const unit = units.map(escapePattern).join("|");

/** Patterns of a number with its unit, with groups for sign, unit and digits, and for digits and unit. */
export const unitLed = `^(-?)(${unit})[ \u00a0\u202f]?(-?[0-9.][0-9.,'${spaces}]*)$`;
export const unitTrailed = `^(-?[0-9.][0-9.,'${spaces}]*?)[ \u00a0\u202f]?(${unit})$`;

/** What a cell of any class but text looks like at its start; one look at it spares most texts all else. */
export const firstLook = `^(?:[-.0-9+?#{\\[€$£¥₹₽]|[tTfF][rRaA]|[nN](?:/?[aA]|\\.[aA]|[uU][lL][lL]|[oO][nN][eE]|il)|(?:kr|Kr|NOK|SEK|DKK|EUR|USD|GBP|CHF|PLN|CZK)[. ]?[ \u00a0]?-?[0-9])`;

const compile = (pattern: string) => new RegExp(`^(?:${pattern})$`);
const compiled = families.map(({ guard, classes }) => ({
  guard: compile(guard),
  classes: classes.map(({ name, pattern, field }) => ({
    name,
    test: compile(pattern),
    isReal: field ? cellTest(field) : () => true,
  })),
}));
const compiledNumbers = compiled[families.indexOf(numbers)];

const first = new RegExp(firstLook);
const [led, trailed, nothing] = [new RegExp(unitLed), new RegExp(unitTrailed), compile(wordsForNothing)];

/** Undefined: the text has no class of the family. */
function classIn(text: string, family: (typeof compiled)[number] | undefined): string | undefined {
  const found = family?.classes.find(({ test }) => test.test(text));
  return found && (found.isReal(text) ? found.name : "text");
}

/** The class of one cell that is no missing value. */
export function cellClass(text: string): string {
  if (!first.test(text)) return "text";
  const name = classIn(
    text,
    compiled.find(({ guard }) => guard.test(text)),
  );
  if (name !== undefined) return name;
  if (nothing.test(text)) return `nothing ${text}`;
  const before = led.exec(text);
  if (before) return unitClass(before[2], `${before[1]}${before[3]}`);
  const after = trailed.exec(text);
  return after ? unitClass(after[2], after[1]) : "text";
}

function unitClass(unit: string | undefined, digits = ""): string {
  const name = classIn(digits, compiledNumbers);
  return name === undefined ? "text" : `${unit} ${name}`;
}

/** The family whose classes the digits beside a unit have. */
export const numberFamily = numbers;
