import { AirCanError } from "../base/errors.ts";
import type { RowError } from "../plan/relation.ts";
import { identifier } from "../storage/postgres.ts";
import type { Loading } from "./load-table.ts";

const shownErrors = 10;

/**
 * The error for rows of a table just filled whose key is empty or was there before. Rows are counted among
 * those that were loaded, header rows of the source before them; line and byte are not known here.
 */
export async function duplicateKeys(load: Loading, table: string): Promise<AirCanError> {
  const key = load.keyColumns.map(identifier).join(", ");
  const value = `concat_ws(', ', ${load.keyColumns.map((column) => `coalesce(${identifier(column)}::text, 'null')`).join(", ")})`;
  const empty = load.keyColumns.map((column) => `${identifier(column)} is null`).join(" or ");
  const { rows } = await load.client.query(
    `with numbered as (select ${key}, row_number() over (order by ctid) as n from ${table}),
       found as (select n, ${value} as value, (${empty}) as empty, first_value(n) over (partition by ${key} order by n) as first from numbered)
     select n, value, empty, first, count(*) over () as total from found where empty or n <> first order by n limit ${shownErrors}`,
  );
  const header = load.resource.dialect?.headerRows?.at(-1) ?? 0;
  const errors = rows.map((row): RowError => {
    const place = Number(row.n) + header;
    const message = row.empty
      ? `Row ${place}: the key ${load.keyColumns.join(", ")} is empty.`
      : `Row ${place}: the key ${load.keyColumns.join(", ")} = ${row.value} stands already in row ${Number(row.first) + header}.`;
    return {
      code: "primary-key",
      resource: load.resource.name,
      row: place,
      line: null,
      byteOffset: null,
      field: load.keyColumns.length === 1 ? (load.keyColumns[0] ?? null) : null,
      fieldNumber: null,
      value: row.value,
      message,
    };
  });
  const total = Number(rows[0]?.total ?? 0);
  return new AirCanError(
    "primary-key",
    `${total} ${total === 1 ? "row has" : "rows have"} no key of its own. ${errors[0]?.message ?? ""}`,
    {
      where: {
        resource: load.resource.name,
        table: load.table,
        ...(errors[0] ? { row: errors[0].row } : {}),
      },
      details: { first_errors: errors, counts: { "primary-key": total } },
    },
  );
}
