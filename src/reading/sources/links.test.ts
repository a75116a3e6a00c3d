import { expect, test } from "vitest";
import { downloadAddress } from "./links.ts";
import { addressBeside, isAddress, shownAddress } from "./registry.ts";

const sheet = "https://docs.google.com/spreadsheets/d/1AbC-d_9";

test.each([
  [`${sheet}/edit?usp=sharing`, `${sheet}/export?format=csv`],
  [`${sheet}/edit#gid=42`, `${sheet}/export?format=csv&gid=42`],
  [`${sheet}/edit?gid=7#gid=7`, `${sheet}/export?format=csv&gid=7`],
  [`${sheet}/view`, `${sheet}/export?format=csv`],
  [`${sheet}`, `${sheet}/export?format=csv`],
  [`${sheet}/export?format=xlsx`, `${sheet}/export?format=xlsx`],
  ["https://docs.google.com/spreadsheets/u/1/d/1AbC-d_9/edit", `${sheet}/export?format=csv`],
  [
    "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pubhtml?gid=3&single=true",
    "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pub?output=csv&gid=3&single=true",
  ],
  [
    "https://drive.google.com/file/d/1AbC/view?usp=sharing",
    "https://drive.google.com/uc?export=download&id=1AbC",
  ],
  [
    "https://github.com/datasets/gdp/blob/main/data/gdp.csv",
    "https://raw.githubusercontent.com/datasets/gdp/main/data/gdp.csv",
  ],
  ["https://gitlab.com/a/b/c/-/blob/main/x.csv?ref_type=heads", "https://gitlab.com/a/b/c/-/raw/main/x.csv"],
  ["https://example.org/spreadsheets/d/1/edit", "https://example.org/spreadsheets/d/1/edit"],
  ["http://", "http://"],
])("%s is downloaded from %s", (link, expected) => {
  expect(downloadAddress(link)).toBe(expected);
});

test.each([
  ["https://example.org/a.csv", true],
  ["s3://bucket/a.csv", true],
  ["data:text/csv,a", true],
  ["data:,a", true],
  ["data/a,b.csv", false],
  ["C:\\data\\a.csv", false],
  ["a.csv", false],
])("%s is an address: %s", (source, expected) => {
  expect(isAddress(source)).toBe(expected);
});

test.each([
  ["https://example.org/p/datapackage.json?v=1", "a b.csv", "https://example.org/p/a%20b.csv"],
  ["ftp://example.org/p/datapackage.json", "in/a.csv", "ftp://example.org/p/in/a.csv"],
  ["s3://bucket/p/datapackage.json", "a b?.csv", "s3://bucket/p/a b?.csv"],
  [
    "s3://bucket/datapackage.json?endpoint=http://x&region=y",
    "in/a.csv",
    "s3://bucket/in/a.csv?endpoint=http://x&region=y",
  ],
  ["gs://bucket/p/q/datapackage.json", "../a.csv", "gs://bucket/p/a.csv"],
])("beside %s, %s is %s", (base, path, expected) => {
  expect(addressBeside(base, path)).toBe(expected);
});

test.each([
  ["https://ada:s3cret@example.org/a.csv?token=1#x", "https://example.org/a.csv?…"],
  ["ftp://ada:s3cret@example.org/a.csv", "ftp://example.org/a.csv"],
  ["s3://bucket/a.csv?endpoint=http://x", "s3://bucket/a.csv?…"],
  ["data:text/csv;base64,YSxi", "data:text/csv;base64,…"],
])("%s is shown as %s", (address, expected) => {
  expect(shownAddress(address)).toBe(expected);
});
