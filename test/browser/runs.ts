import { inject } from "vitest";

interface RunState {
  readonly id: string;
  readonly status: string;
}

/** Sends a file to the factory under test, as the form does; gives the run's id. */
export function startLoad(name: string, csv: string, fields: Record<string, string> = {}): Promise<string> {
  return sendFile("/api/load", csv, { name, ...fields });
}

async function sendFile(
  path: string,
  csv: string,
  { name = "file", ...fields }: Record<string, string>,
): Promise<string> {
  const form = new FormData();
  for (const [field, value] of Object.entries({ name, ...fields })) form.set(field, value);
  form.set("file", new File([csv], `${name}.csv`, { type: "text/csv" }));
  const response = await fetch(`${inject("factoryUrl")}${path}`, { method: "POST", body: form });
  if (!response.ok) throw new Error(`${path} of ${name}: ${response.status} ${await response.text()}`);
  // The shape is the contract's.
  const { run_id } = (await response.json()) as { run_id: string };
  return run_id;
}

/** Waits until a run is over; gives its status. */
export async function untilOver(id: string): Promise<string> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const response = await fetch(`${inject("factoryUrl")}/api/runs/${id}`);
    const { status } = (await response.json()) as RunState;
    if (status !== "RUNNING" && status !== "WAITING") return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`run ${id} is not over after 30 s`);
}

/** Sends a file and waits until its run is over; gives the run's id. */
export async function load(name: string, csv: string, fields: Record<string, string> = {}): Promise<string> {
  const id = await startLoad(name, csv, fields);
  await untilOver(id);
  return id;
}

/** Sends a file to be validated and waits until its run is over; gives the run's id. */
export async function validate(
  name: string,
  csv: string,
  fields: Record<string, string> = {},
): Promise<string> {
  const id = await sendFile("/api/validate", csv, { name, ...fields });
  await untilOver(id);
  return id;
}

/** Starts the validation of what stands at an address; gives the run's id. */
export async function validateUrl(url: string, name: string): Promise<string> {
  const response = await fetch(`${inject("factoryUrl")}/api/validate`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url, name }),
  });
  // The shape is the contract's.
  const { run_id } = (await response.json()) as { run_id: string };
  return run_id;
}

export const schema = JSON.stringify({
  fields: [
    { name: "id", type: "integer" },
    { name: "city", type: "string" },
    { name: "population", type: "integer" },
    { name: "founded", type: "date" },
  ],
});

const cities = ["Oslo", "Bergen", "Trondheim", "Stavanger", "Tromsø", "Bodø"];

/** Rows that fit `schema`; `bad` replaces the cells of some, by row number as the report counts (header = 1). */
export function citiesCsv(rows: number, bad: Readonly<Record<number, string>> = {}): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const city = cities[index % cities.length];
    return bad[index + 2] ?? `${index + 1},${city},${10_000 + index},${1000 + (index % 900)}-05-17`;
  });
  return `id,city,population,founded\n${lines.join("\n")}\n`;
}
