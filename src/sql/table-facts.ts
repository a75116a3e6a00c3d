import type pg from "pg";
import { identifier, literal } from "../storage/postgres.ts";

export interface TableColumn {
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  /** PostgreSQL fills it by itself: identity, default or generated. */
  readonly filled: boolean;
  readonly comment: string | null;
}

/** What stands in the database under a table's name. */
export interface TableFacts {
  readonly oid: number;
  /** `table`, or what else it is: `view`, `partitioned table`, … */
  readonly kind: string;
  /** True if the present user may drop and alter it. */
  readonly owned: boolean;
  readonly owner: string;
  readonly columns: readonly TableColumn[];
  /** What hangs on the table and would be lost if another took its place, in words. */
  readonly attached: readonly string[];
  /** GRANT statements for another table, with `%s` for its name. */
  readonly grants: readonly string[];
}

/** Names of indexes and tables that belong to AirCan begin so. */
export const ownPrefix = "_aircan_";

const kinds: Readonly<Record<string, string>> = {
  r: "table",
  p: "partitioned table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
  S: "sequence",
};

/** The facts of `schema.table`; undefined if there is nothing of that name. */
export async function readTable(
  client: pg.Client,
  schema: string,
  table: string,
): Promise<TableFacts | undefined> {
  const { rows } = await client.query(
    `select c.oid::int8::text as oid, c.relkind, pg_has_role(c.relowner, 'usage') as owned, pg_get_userbyid(c.relowner) as owner
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [schema, table],
  );
  const found = rows[0];
  if (found === undefined) return undefined;
  const oid = Number(found.oid);
  return {
    oid,
    kind: kinds[found.relkind] ?? "thing of another kind",
    owned: found.owned,
    owner: found.owner,
    columns: await columnsOf(client, oid),
    attached: await attachedTo(client, oid),
    grants: await grantsOf(client, oid),
  };
}

async function columnsOf(client: pg.Client, oid: number): Promise<TableColumn[]> {
  const { rows } = await client.query(
    `select attname as name, format_type(atttypid, atttypmod) as type,
       atthasdef or attidentity <> '' or attgenerated <> '' as filled, col_description(attrelid, attnum) as comment
     from pg_attribute where attrelid = $1 and attnum > 0 and not attisdropped order by attnum`,
    [oid],
  );
  return rows;
}

const attachments = `
  select 'the view ' || v.oid::regclass from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = $1 and v.oid <> $1
  union select 'the foreign key ' || conname || ' of ' || conrelid::regclass from pg_constraint where confrelid = $1 and contype = 'f'
  union select 'the constraint ' || conname from pg_constraint where conrelid = $1 and contype in ('c', 'f', 'x')
  union select 'the trigger ' || tgname from pg_trigger where tgrelid = $1 and not tgisinternal
  union select 'the policy ' || polname from pg_policy where polrelid = $1
  union select 'the rule ' || rulename from pg_rewrite where ev_class = $1
  union select 'the index ' || c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = $1 and not starts_with(c.relname, $2)
  union select 'the inheritance of ' || inhrelid::regclass from pg_inherits where inhparent = $1 or inhrelid = $1
  union select 'the publication ' || pubname from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where prrelid = $1
  union select 'the rights to the column ' || attname from pg_attribute where attrelid = $1 and attacl is not null
  union select 'the default of the column ' || attname from pg_attribute where attrelid = $1 and atthasdef and not attisdropped
  order by 1`;

async function attachedTo(client: pg.Client, oid: number): Promise<string[]> {
  const { rows } = await client.query({ text: attachments, values: [oid, ownPrefix], rowMode: "array" });
  return rows.map(([what]) => String(what));
}

async function grantsOf(client: pg.Client, oid: number): Promise<string[]> {
  const { rows } = await client.query(
    `select acl.privilege_type as privilege, acl.is_grantable as grantable, r.rolname as role
     from pg_class c, aclexplode(c.relacl) acl left join pg_roles r on r.oid = acl.grantee
     where c.oid = $1 and acl.grantee <> c.relowner`,
    [oid],
  );
  return rows.map(
    ({ privilege, grantable, role }) =>
      `grant ${privilege} on %s to ${role === null ? "public" : identifier(role)}${grantable ? " with grant option" : ""}`,
  );
}

/** `comment on column` for each column whose label is known. */
export function commentSql(table: string, columns: readonly { name: string; label: string }[]): string {
  return columns
    .map(
      ({ name, label }) =>
        `comment on column ${table}.${identifier(name)} is ${literal(label.replaceAll("\0", ""))}`,
    )
    .join(";\n");
}
