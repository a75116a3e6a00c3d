import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import type { FieldProfile, TableProfile } from "../../lib/contract.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { useProfile } from "../../lib/report-queries.ts";
import { Histogram, ShareBar, TopValues } from "./profile-charts.tsx";

/** What each field of the tables holds. */
export function ProfilePanel({ address }: { readonly address: string }) {
  const profile = useProfile(address, true);
  if (profile.isError) return <ErrorBox error={profile.error} onRetry={() => void profile.refetch()} />;
  if (profile.isLoading) return <Skeleton lines={8} height={60} />;
  if (!profile.data || profile.data.tables.length === 0)
    return (
      <Empty icon="table" title="Nobody looked into the fields">
        A validation that can read its tables shows here what each field holds.
      </Empty>
    );
  return profile.data.tables.map((table) => <TableView key={table.name} table={table} />);
}

function TableView({ table }: { readonly table: TableProfile }) {
  return (
    <section className="profile" aria-label={`Fields of ${table.name}`}>
      <div className="profile-head">
        <h2>{table.name}</h2>
        <span className="muted">
          {`${formatCount(table.rows, "row")} · ${formatCount(table.fields.length, "field")}`}
        </span>
      </div>
      <ul className="profile-fields">
        {table.fields.map((field) => (
          <FieldView key={field.name} field={field} rows={table.rows} />
        ))}
      </ul>
    </section>
  );
}

function FieldView({ field, rows }: { readonly field: FieldProfile; readonly rows: number }) {
  return (
    <li className="profile-field">
      <div>
        <h3>{field.name}</h3>
        <span className="field-type">{field.type}</span>
        <ShareBar part={field.count} whole={rows} />
        <p className="muted">
          {field.nulls === 0 ? "every row has a value" : `${formatNumber(field.nulls)} without a value`}
        </p>
      </div>
      <Facts field={field} />
      {field.histogram.length > 0 ? (
        <Histogram bins={field.histogram} name={field.name} />
      ) : (
        <TopValues values={field.top} count={field.count} name={field.name} />
      )}
    </li>
  );
}

function Facts({ field }: { readonly field: FieldProfile }) {
  const { distinct, distinctIs, min, max, mean, deviation } = field;
  const about = field.quantilesAre === "estimated" ? "about " : "";
  const quantile = (share: number) => field.quantiles.find((each) => each.share === share)?.value;
  const median = quantile(0.5);
  const between = (from?: string, to?: string) =>
    from === undefined || to === undefined || distinct < 3 ? null : `${about}${from} to ${to}`;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ["different", `${distinctIs === "estimated" ? "about " : ""}${formatNumber(distinct)}`],
    ["least", min],
    ["median", median === undefined ? null : `${about}${median}`],
    ["greatest", max],
    ["mean", mean === null ? null : roughly(mean)],
    ["deviation", deviation === null ? null : roughly(deviation)],
    ["middle half", between(quantile(0.25), quantile(0.75))],
    ["nine in ten", between(quantile(0.05), quantile(0.95))],
  ];
  return (
    <dl className="profile-facts">
      {facts.map(([name, value]) =>
        value === null || value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

const sixFigures = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

function roughly(value: number): string {
  return sixFigures.format(value);
}
