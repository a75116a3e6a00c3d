/** Name of a table (and resource) from a file's name or address: `Cities 2020.csv.gz` gives `cities_2020`. */
export function nameOfFile(file: string): string {
  const last = file.split(/[?#]/)[0]?.replace(/\/+$/, "").split(/[/\\]/).at(-1) ?? "";
  const stem = last.replace(/(\.[A-Za-z][A-Za-z0-9]{0,7})+$/, "");
  const name = stem
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  return name === "" ? "data" : name.slice(0, 63);
}
