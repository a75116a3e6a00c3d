import { z } from "zod";
import { AirCanError } from "../base/errors.ts";
import type { Package } from "../descriptor/types.ts";
import { defineProcessor } from "../flow/define.ts";

/** Changes the descriptor of the package: its properties, and those of its resources other than schemas. */
export const packageFunction = defineProcessor({
  name: "pkg",
  title: "Package function",
  summary:
    "Gives a function the package descriptor and takes the one that it gives: titles, licences, order of resources.",
  category: "resources",
  safe: false,
  arguments: ["function"],
  config: z.strictObject({
    function: z
      .custom<(descriptor: Package) => Package | undefined>(
        (value) => typeof value === "function",
        "a function of a package",
      )
      .describe("The function; it gets a copy of the descriptor."),
  }),
  examples: [],
  plan: (input, config) => {
    const given: Package = structuredClone({
      ...input.properties,
      resources: input.resources.map(({ descriptor }) => descriptor),
    });
    const { resources, ...properties } = config.function(given) ?? given;
    const changed = resources.map((descriptor) => {
      const planned = input.resources.find((each) => each.descriptor.name === descriptor.name);
      if (planned) return { ...planned, descriptor: { ...descriptor, schema: planned.relation.schema } };
      throw new AirCanError(
        "unknown-resource",
        `The package function gives a resource "${descriptor.name}", which was not there before.`,
        { hint: "Rename with `update_resource`; add data with `load` or `sources`." },
      );
    });
    return { ...input, properties, resources: changed };
  },
});
