import { type CellClass, type ClassFamily, unnamed } from "./cell-class.ts";
import { escapePattern } from "./types/numeric.ts";

const day12 = "(?:0?[1-9]|1[0-2])";
const day13 = "(?:1[3-9]|2[0-9]|3[01])";
const day31 = "(?:0?[1-9]|[12][0-9]|3[01])";
const isoDay = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
const clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
const minutes = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9]";
const offset = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";

export const iso: ClassFamily = {
  name: "iso",
  guard: "[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[T ].*)?)?",
  classes: [
    { name: "date", pattern: isoDay, field: unnamed({ type: "date" }) },
    {
      name: "datetime",
      pattern: `${isoDay}T${clock}(?:\\.[0-9]{1,6})?`,
      field: unnamed({ type: "datetime", zoned: false }),
    },
    {
      name: "datetime-zoned",
      pattern: `${isoDay}T${clock}(?:\\.[0-9]{1,6})?${offset}`,
      field: unnamed({ type: "datetime", zoned: true }),
    },
    ...[
      ["%Y-%m-%d %H:%M:%S", `${isoDay} ${clock}`],
      ["%Y-%m-%d %H:%M:%S.%f", `${isoDay} ${clock}\\.[0-9]{1,6}`],
      ["%Y-%m-%d %H:%M", `${isoDay} (?:[01][0-9]|2[0-3]):[0-5][0-9]`],
      ["%Y-%m-%dT%H:%M", `${isoDay}T(?:[01][0-9]|2[0-3]):[0-5][0-9]`],
      ["%Y-%m-%d %H:%M:%S%z", `${isoDay} ${clock}[+-][0-9]{2}:?[0-9]{2}`],
    ].map(([format = "", pattern = ""]) => ({
      name: format,
      pattern,
      field: unnamed({ type: "datetime", format }),
    })),
    { name: "year-month", pattern: "[12][0-9]{3}-(?:0[1-9]|1[0-2])" },
  ],
};

const times: readonly (readonly [format: string, pattern: string])[] = [
  ["", ""],
  [" %H:%M", ` ${minutes}`],
  [" %H:%M:%S", ` ${minutes}:[0-5][0-9]`],
];
const halfDays: typeof times = [
  [" %I:%M %p", " (?:0?[1-9]|1[0-2]):[0-5][0-9] (?:AM|PM|am|pm)"],
  [" %I:%M:%S %p", " (?:0?[1-9]|1[0-2]):[0-5][0-9]:[0-5][0-9] (?:AM|PM|am|pm)"],
];

/** In which order day and month stand; `either`: nothing in the cell tells. */
export type DayOrder = "day-first" | "month-first" | "either";

const orders: Readonly<Record<DayOrder, (separator: string) => string>> = {
  "day-first": (separator) => `${day13}${separator}${day12}`,
  "month-first": (separator) => `${day12}${separator}${day13}`,
  either: (separator) => `${day12}${separator}${day12}`,
};

/** A date with day and month in front, with or without a time, and its formats for both orders. */
export interface DayForm {
  readonly form: string;
  readonly type: "date" | "datetime";
  readonly formats: Readonly<Record<"day-first" | "month-first", string>>;
}

const years = { Y: "[0-9]{4}", y: "[0-9]{2}" } as const;

function dayForm(separator: string, year: "Y" | "y", [time, pattern]: (typeof times)[number]) {
  const formats = {
    "day-first": `%d${separator}%m${separator}%${year}${time}`,
    "month-first": `%m${separator}%d${separator}%${year}${time}`,
  };
  const type = time === "" ? ("date" as const) : ("datetime" as const);
  return {
    form: formats["day-first"],
    type,
    formats,
    separator: escapePattern(separator),
    tail: `${years[year]}${pattern}`,
  };
}

const slashed = (["Y", "y"] as const).flatMap((year) =>
  [...times, ...halfDays].map((time) => dayForm("/", year, time)),
);
const dashed = times.map((time) => dayForm("-", "Y", time));
const dotted = (["Y", "y"] as const).flatMap((year) => times.map((time) => dayForm(".", year, time)));

/** Forms in which the order of day and month must be proven; with points the day stands first. */
export const dayForms: readonly DayForm[] = [...slashed, ...dashed];

function orderedClasses({ form, type, formats, separator, tail }: ReturnType<typeof dayForm>): CellClass[] {
  return (Object.keys(orders) as DayOrder[]).map((order) => ({
    name: `${form} ${order}`,
    pattern: `${orders[order](separator)}${separator}${tail}`,
    field: unnamed({ type, format: formats[order === "month-first" ? order : "day-first"] }),
  }));
}

function named(type: "date" | "datetime" | "time", format: string, pattern: string): CellClass {
  return { name: format, pattern, field: unnamed({ type, format }) };
}

export const slashes: ClassFamily = {
  name: "slash",
  guard: "[0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}(?: .*)?",
  classes: [
    ...slashed.flatMap(orderedClasses),
    ...times.map(([time, pattern]) =>
      named(time === "" ? "date" : "datetime", `%Y/%m/%d${time}`, `[0-9]{4}/${day12}/${day31}${pattern}`),
    ),
  ],
};

export const dashes: ClassFamily = {
  name: "dash",
  guard: "[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}(?: .*)?",
  classes: dashed.flatMap(orderedClasses),
};

export const dots: ClassFamily = {
  name: "dot",
  guard: "[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{2,4}(?: .*)?",
  classes: dotted.map(({ type, formats, tail }) =>
    named(type, formats["day-first"], `${day31}\\.${day12}\\.${tail}`),
  ),
};

const shortMonth = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const longMonth = "(?:January|February|March|April|May|June|July|August|September|October|November|December)";
export const months: ClassFamily = {
  name: "month",
  guard: "[0-9]{1,2}[- ][A-Z][a-z]+[- ][0-9]{2,4}",
  classes: [
    named("date", "%d-%b-%Y", `${day31}-${shortMonth}-[0-9]{4}`),
    named("date", "%d-%b-%y", `${day31}-${shortMonth}-[0-9]{2}`),
    named("date", "%d %b %Y", `${day31} ${shortMonth} [0-9]{4}`),
    named("date", "%d %B %Y", `${day31} ${longMonth} [0-9]{4}`),
  ],
};

export const clocks: ClassFamily = {
  name: "time",
  guard: "[0-9]{1,2}:[0-9]{2}(?::.*)?",
  classes: [
    { name: "time", pattern: `${clock}(?:\\.[0-9]{1,6})?`, field: unnamed({ type: "time" }) },
    named("time", "%H:%M", minutes),
  ],
};
