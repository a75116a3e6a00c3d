import { expect, it } from "vitest";
import { edgePath, placeNodes } from "./layout.ts";

const node = (id: string, ...after: string[]) => ({ id, after });

it("places a chain from left to right, or downwards where there is little room", () => {
  const chain = [node("fetch"), node("check", "fetch")];
  expect(placeNodes(chain, "across")).toEqual({
    width: 432,
    height: 64,
    places: new Map([
      ["fetch", { x: 0, y: 0 }],
      ["check", { x: 240, y: 0 }],
    ]),
  });
  expect(placeNodes(chain, "down")).toEqual({
    width: 156,
    height: 156,
    places: new Map([
      ["fetch", { x: 0, y: 0 }],
      ["check", { x: 0, y: 92 }],
    ]),
  });
});

it("places a node after the last of those it waits for, and beside what it waits for", () => {
  const { places } = placeNodes(
    [
      node("a"),
      node("b"),
      node("of b", "b"),
      node("of a", "a"),
      node("end", "a", "of b", "of a", "not there"),
    ],
    "across",
  );
  expect(Object.fromEntries(places)).toEqual({
    a: { x: 0, y: 0 },
    b: { x: 0, y: 80 },
    "of a": { x: 240, y: 0 },
    "of b": { x: 240, y: 80 },
    end: { x: 480, y: 40 },
  });
});

it("draws an edge from the end of one node to the beginning of the other", () => {
  expect(edgePath({ x: 0, y: 0 }, { x: 240, y: 80 }, "across")).toBe("M192 32C216 32 216 112 240 112");
  expect(edgePath({ x: 0, y: 0 }, { x: 0, y: 92 }, "down")).toBe("M78 64C78 78 78 78 78 92");
});
