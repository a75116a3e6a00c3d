import { addField, dumpToPath, filterRows, flow, load, selectFields, setType, sortRows } from "aircan";

interface Earthquake {
  readonly place: string;
  readonly magnitude: number;
  readonly depth_km: number;
}

/** The strong earthquakes of the shipped sample, the strongest first. */
export default flow(
  load<Earthquake>("../../sample/earthquakes.csv", { name: "earthquakes", on_error: "drop" }),
  setType("magnitude", "number", { on_error: "drop" }),
  setType("depth_km", "number", { on_error: "drop" }),
  filterRows("magnitude >= 5"),
  addField("region", "string", (row) => row.place.split(", ").at(-1) ?? row.place),
  selectFields(["region", "magnitude", "depth_km", "place"]),
  sortRows({ field: "magnitude", descending: true }),
  dumpToPath("out", { format: "parquet" }),
);
