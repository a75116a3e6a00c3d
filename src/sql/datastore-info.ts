import type pg from "pg";
import { qualified } from "../storage/postgres.ts";
import {
  type Database,
  type DatastoreTable,
  datastoreSchema,
  type ReadOptions,
  readTableOf,
} from "./datastore.ts";

export interface DatastoreInfo {
  readonly meta: {
    readonly id: string;
    readonly count: number;
    readonly table_type: "BASE TABLE";
    /** Bytes of the rows, of the whole database, and of the table's indexes. */
    readonly size: number;
    readonly db_size: number;
    readonly idx_size: number;
    readonly aliases: readonly string[];
    readonly updated: string;
  };
  readonly fields: readonly {
    readonly id: string;
    readonly type: string;
    readonly info: { readonly label: string };
    readonly schema: {
      readonly native_type: string;
      readonly notnull: boolean;
      readonly index_name: string | null;
      readonly is_index: boolean;
      readonly uniquekey: boolean;
    };
  }[];
  /** The resource's descriptor, with the schema as loaded. */
  readonly descriptor: DatastoreTable["descriptor"];
}

/**
 * What is known of a loaded table, in the shape of CKAN's `datastore_info`.
 *
 * @throws AirCanError `not-found`, `timeout`, `database-error`.
 */
export async function datastoreInfo(
  database: Database,
  name: string,
  options: ReadOptions = {},
): Promise<DatastoreInfo> {
  return readTableOf(
    database,
    name,
    async (client, table) => ({
      meta: {
        id: table.name,
        ...(await sizes(client, table)),
        table_type: "BASE TABLE",
        aliases: [],
        updated: table.updated,
      },
      fields: await fieldsInfo(client, table),
      descriptor: table.descriptor,
    }),
    options,
  );
}

async function sizes(
  client: pg.ClientBase,
  { table }: DatastoreTable,
): Promise<Pick<DatastoreInfo["meta"], "count" | "size" | "db_size" | "idx_size">> {
  const live = qualified(datastoreSchema, table);
  const { rows } = await client.query(
    `select (select count(*) from ${live}) as count, pg_relation_size($1::regclass) as size, pg_database_size(current_database()) as db_size, pg_indexes_size($1::regclass) as idx_size`,
    [live],
  );
  const found = rows[0] ?? {};
  return {
    count: Number(found.count),
    size: Number(found.size),
    db_size: Number(found.db_size),
    idx_size: Number(found.idx_size),
  };
}

async function fieldsInfo(client: pg.ClientBase, table: DatastoreTable): Promise<DatastoreInfo["fields"]> {
  const { rows } = await client.query(
    `select a.attname as id, t.typname as type, format_type(a.atttypid, a.atttypmod) as native_type, a.attnotnull as notnull,
       (select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = a.attrelid and a.attnum = any(i.indkey) limit 1) as index_name,
       exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and i.indnatts = 1 and i.indkey[0] = a.attnum) as uniquekey
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = format('%I.%I', $1::text, $2::text)::regclass and a.attnum > 0 and not a.attisdropped and a.attname <> '_id' order by a.attnum`,
    [datastoreSchema, table.table],
  );
  const labels = new Map(table.fields.map(({ column, name }) => [column, name]));
  return rows.map(({ id, type, native_type, notnull, index_name, uniquekey }) => ({
    id,
    type,
    info: { label: labels.get(id) ?? id },
    schema: { native_type, notnull, index_name, is_index: index_name !== null, uniquekey },
  }));
}
