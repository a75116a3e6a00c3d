import { expect, test } from "vitest";
import type { Field } from "../descriptor/types.ts";
import { writtenField } from "./written.ts";

test.each<[string, Omit<Field, "name">, object]>([
  [
    "numbers",
    {
      type: "number",
      decimalChar: ",",
      groupChar: ".",
      constraints: { minimum: "1.234,50", maximum: 5000, enum: ["-INF", "1.234,5"], required: true },
    },
    {
      type: "number",
      constraints: { minimum: "1234.5", maximum: 5000, enum: ["-INF", "1234.5"], required: true },
    },
  ],
  [
    "dates",
    { type: "date", format: "%d/%m/%Y", constraints: { minimum: "31/01/2020", maximum: "2021-01-01" } },
    { type: "date", constraints: { minimum: "2020-01-31", maximum: "2021-01-01" } },
  ],
  [
    "times",
    { type: "time", format: "%I:%M %p", constraints: { enum: ["1:45 PM"] } },
    { type: "time", constraints: { enum: ["13:45:00"] } },
  ],
  [
    "moments",
    { type: "datetime", format: "%d.%m.%Y %H:%M", constraints: { exclusiveMaximum: "31.01.2020 12:00" } },
    { type: "datetime", constraints: { exclusiveMaximum: "2020-01-31T12:00:00" } },
  ],
  [
    "truth",
    { type: "boolean", trueValues: ["ja"], falseValues: ["nei"], constraints: { enum: ["ja"] } },
    { type: "boolean", constraints: { enum: ["true"] } },
  ],
  [
    "texts that have no other form",
    {
      type: "string",
      format: "email",
      missingValues: ["-"],
      constraints: { enum: ["a@b.no"], pattern: ".*no" },
    },
    { type: "string", format: "email", constraints: { enum: ["a@b.no"], pattern: ".*no" } },
  ],
])("a written field names %s in the default form", (_, field, written) => {
  expect(writtenField({ name: "c", ...field } as Field)).toEqual({ name: "c", ...written }); // a field with its name
});
