import { addField, filterRows, flow, load, rows, selectFields, setType } from "./index.ts";

/** Checked by the compiler: each expected error must be one. */
const loaded = () => load("cities.csv");
const cities = () => load<{ name: string; area: number }>("cities.csv");
const population = <In>() => setType<In, "population", "integer">("population", "integer");

export const examples = [
  flow([{ population: 1, area: 2 }], (row) => row.population / row.area),
  // @ts-expect-error a misspelt field
  flow([{ population: 1 }], (row) => row.populaton),
  flow(loaded(), setType("population", "integer"), (row) => row.population / 1000),
  // @ts-expect-error a misspelt field after setType
  flow(loaded(), setType("population", "integer"), (row) => row.populaton),
  flow(
    loaded(),
    population(),
    // @ts-expect-error the same in a processor's row function
    addField("k", "number", (row) => row.populaton),
  ),
  flow(cities(), population(), filterRows("area > 1"), (row) => row.population / row.area),
  // @ts-expect-error the field was not selected
  flow(cities(), selectFields(["name"]), (row) => row.area),
  flow(
    [{ name: "Oslo" }],
    // @ts-expect-error a text is no number
    addField("k", "number", (row) => row.name * 2),
  ),
  flow(
    [{ n: 1 }],
    rows(async function* (all) {
      for await (const row of all) yield { twice: row.n * 2 };
    }),
    (row) => row.twice,
  ),
];
