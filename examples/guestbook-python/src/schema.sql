create table if not exists entries (
    id      bigint generated always as identity primary key,
    written timestamptz not null default now(),
    name    text not null check (length(name) between 1 and 80),
    words   text not null check (length(words) between 1 and 1000)
);
