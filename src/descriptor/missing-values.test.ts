import { expect, test } from "vitest";
import { withMissingLabels } from "./missing-values.ts";
import { normaliseResource } from "./normalise.ts";

test.each<[string, object, object]>([
  [
    "of a schema",
    { fields: [{ name: "a", type: "any" }], missingValues: ["", { value: "-99", label: "refused" }] },
    {
      fields: [{ name: "a", type: "any" }],
      missingValues: [{ value: "" }, { value: "-99", label: "refused" }],
    },
  ],
  [
    "of a field",
    { fields: [{ name: "a", type: "any", missingValues: [{ value: "-", label: "none" }] }] },
    { fields: [{ name: "a", type: "any", missingValues: [{ value: "-", label: "none" }] }] },
  ],
  [
    "of none",
    { fields: [{ name: "a", type: "any" }], missingValues: [{ value: "-" }] },
    { fields: [{ name: "a", type: "any" }], missingValues: ["-"] },
  ],
])("labels of missing values %s are there again where a resource is shown", (_, schema, shown) => {
  const resource = { name: "r", path: "a.csv", schema };
  const { aircan: _changes, ...found } = withMissingLabels({ ...normaliseResource(resource) });
  expect(found).toEqual({ ...resource, schema: shown });
});
