import { expect, test } from "vitest";
import { documentKind } from "./document-kind.ts";

test.each([
  ["<!DOCTYPE html><html>", "a web page"],
  ["<!-- made by x --><html lang=no>", "a web page"],
  ['<table border="1"><tr><td>1', "a web page"],
  ['<?xml version="1.0"?><a/>', "an XML document"],
  ["<towns><town>", "an XML document"],
  ['<Error code="404">\n<Message>', "an XML document"],
  ['{"error": "no such file"}', "a JSON document, perhaps the message of a server"],
  ['[\n  {"id": 1}', "a JSON document, perhaps the message of a server"],
  ["id,name\n1,Oslo", undefined],
  ["<5,name\n<9,Oslo", undefined],
  ["<b>,name", undefined],
  ["<a><b>", "an XML document"],
  ['"<a><b>",name', undefined],
  ["[1],name", undefined],
  ["{a},name", undefined],
])("%s is %s", (start, kind) => {
  expect(documentKind(Buffer.from(start))).toBe(kind);
});
