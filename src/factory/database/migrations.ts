/** The factory's tables, one step per version: a step that has been released is never edited. */
export const migrations: readonly string[] = [
  `
  create table aircan.dag (
    id text primary key,
    source text not null,
    hash text,
    definition json,
    paused boolean not null default false,
    import_error jsonb,
    updated timestamptz not null default now()
  );

  create table aircan.run (
    id text primary key,
    dag text not null,
    job_id text not null unique,
    job_type text not null,
    snapshot json not null,
    conf json not null,
    trigger text not null,
    dataset text,
    resource text,
    "user" text,
    note text,
    callback_url text,
    idempotency_key text,
    created timestamptz not null,
    updated timestamptz not null,
    state jsonb not null,
    status text not null generated always as (state->>'status') stored,
    unique (dag, idempotency_key)
  );
  create index run_by_age on aircan.run (created desc, id desc);
  create index run_open on aircan.run (status) where status in ('WAITING', 'RUNNING');
  create index run_by_dataset on aircan.run (dataset, created desc);
  create index run_by_dag on aircan.run (dag, created desc);

  create table aircan.attempt (
    run_id text not null references aircan.run on delete cascade,
    attempt int not null,
    plan json not null,
    primary key (run_id, attempt)
  );

  create table aircan.task (
    run_id text not null references aircan.run on delete cascade,
    task text not null,
    map_index int not null,
    position int not null,
    state jsonb not null,
    status text not null generated always as (state->>'status') stored,
    primary key (run_id, task, map_index)
  );

  create table aircan.event (
    id bigint generated always as identity primary key,
    run_id text not null references aircan.run on delete cascade,
    key text not null,
    type text not null,
    task text,
    map_index int,
    time timestamptz not null,
    data jsonb not null,
    unique (run_id, key)
  );

  create table aircan.log (
    id bigint generated always as identity primary key,
    run_id text not null references aircan.run on delete cascade,
    task text not null,
    map_index int not null,
    try int not null,
    time timestamptz not null,
    level text not null,
    message text not null
  );
  create index log_by_run on aircan.log (run_id, id);

  create table aircan.token (
    id text primary key,
    name text not null,
    hash text not null unique,
    scopes text[] not null,
    created timestamptz not null default now(),
    last_used timestamptz
  );

  create table aircan.secret (
    name text primary key,
    value bytea not null,
    updated timestamptz not null default now()
  );
  `,
  `
  create table aircan.callback (
    run_id text not null references aircan.run on delete cascade,
    attempt int not null,
    tries int not null default 0,
    due timestamptz not null default now(),
    delivered timestamptz,
    given_up timestamptz,
    last_error text,
    primary key (run_id, attempt)
  );
  create index callback_due on aircan.callback (due) where delivered is null and given_up is null;
  `,
  `
  alter table aircan.run add column version int not null default 0;
  `,
  `
  create table aircan.share (
    id text primary key,
    run_id text not null references aircan.run on delete cascade,
    hash text not null unique,
    created timestamptz not null default now(),
    expires timestamptz
  );
  create index share_by_run on aircan.share (run_id);

  create table aircan.schedule (
    id text primary key,
    dag text not null,
    source text not null,
    spec jsonb not null,
    paused boolean not null default false,
    handled timestamptz not null default now(),
    last_run text,
    last_error text,
    updated timestamptz not null default now()
  );
  create index schedule_by_dag on aircan.schedule (dag);
  `,
];
