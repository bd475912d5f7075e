-- The log. Rows are added at the end; nothing is changed, and only old payloads go.

-- One row is one leaf of the tree, with what is asked for most.
create table entry (
  number integer primary key,
  event text not null,
  kind text not null,
  dated_at text not null,
  hash blob not null
);
create index entry_event on entry (event);
create index entry_dated_at on entry (dated_at);

-- One row is the canonical JSON of an entry, until it is pruned.
create table payload (
  number integer primary key references entry,
  content text not null
);

-- One row is the hash of a complete subtree over 256 leaves, or over 256 of such subtrees.
create table node (
  level integer not null,
  number integer not null,
  hash blob not null,
  primary key (level, number)
) without rowid;

-- One row is one append: how many entries there were after it, each with a checkpoint.
create table head (
  size integer primary key
);

-- One row is a legal hold: the entry that set it, and what it holds.
create table hold (
  set_by integer primary key references entry,
  kinds text not null,
  subjects text not null
);

-- One row is the end of a legal hold: the entry that released it.
create table release (
  set_by integer primary key references hold,
  released_by integer not null references entry
);

-- One row is an entry whose payload may go: the entry that says so, and its place in there.
create table pruned (
  number integer primary key references entry,
  pruned_by integer not null references entry,
  place integer not null
);

create trigger entry_comes_last before insert on entry
when new.number <> (select coalesce(max(number) + 1, 0) from entry)
begin
  select raise(abort, 'an entry comes last');
end;

create trigger payload_comes_once before insert on payload
when exists (select 1 from payload where number = new.number)
  or exists (select 1 from pruned where number = new.number)
begin
  select raise(abort, 'a payload comes once');
end;

create trigger node_comes_once before insert on node
when exists (select 1 from node where level = new.level and number = new.number)
begin
  select raise(abort, 'a node comes once');
end;

create trigger head_comes_last before insert on head
when new.size <> (select coalesce(max(number) + 1, 0) from entry)
  or exists (select 1 from head where size = new.size)
begin
  select raise(abort, 'a head comes last');
end;

create trigger hold_is_an_event before insert on hold
when not exists (
  select 1
  from entry
  join payload using (number)
  where number = new.set_by
    and kind = 'ledger.hold_set'
    and content ->> '$.data.kinds' = new.kinds
    and content ->> '$.data.subjects' = new.subjects
)
  or exists (select 1 from hold where set_by = new.set_by)
begin
  select raise(abort, 'a hold is an event');
end;

create trigger release_is_an_event before insert on release
when not exists (
  select 1
  from entry
  join payload using (number)
  where number = new.released_by
    and kind = 'ledger.hold_released'
    and content ->> '$.data.set_by' = new.set_by
)
  or exists (select 1 from release where set_by = new.set_by)
begin
  select raise(abort, 'a release is an event');
end;

create trigger pruned_is_an_event before insert on pruned
when not exists (
  select 1
  from entry
  join payload using (number)
  where number = new.pruned_by
    and number > new.number
    and kind = 'ledger.pruned'
    and content ->> ('$.data.entries[' || new.place || '].number') = new.number
)
  or exists (select 1 from pruned where number = new.number)
  or exists (select 1 from entry where number = new.number and kind glob 'ledger.*')
begin
  select raise(abort, 'what is pruned is named by an event');
end;

create trigger payload_is_pruned before delete on payload
when not exists (select 1 from pruned where number = old.number)
begin
  select raise(abort, 'a payload goes when an event names it');
end;

create trigger payload_is_not_held before delete on payload
when exists (
  select 1
  from hold
  join entry on entry.number = old.number
  where entry.kind glob hold.kinds
    and coalesce(old.content ->> '$.subject', '') glob hold.subjects
    and hold.set_by not in (select set_by from release)
)
begin
  select raise(abort, 'a payload is under a legal hold');
end;

create trigger entry_is_never_changed before update on entry
begin
  select raise(abort, 'the log is never changed');
end;

create trigger entry_is_never_deleted before delete on entry
begin
  select raise(abort, 'the log is never changed');
end;

create trigger payload_is_never_changed before update on payload
begin
  select raise(abort, 'the log is never changed');
end;

create trigger node_is_never_changed before update on node
begin
  select raise(abort, 'the log is never changed');
end;

create trigger node_is_never_deleted before delete on node
begin
  select raise(abort, 'the log is never changed');
end;

create trigger head_is_never_changed before update on head
begin
  select raise(abort, 'the log is never changed');
end;

create trigger head_is_never_deleted before delete on head
begin
  select raise(abort, 'the log is never changed');
end;

create trigger hold_is_never_changed before update on hold
begin
  select raise(abort, 'the log is never changed');
end;

create trigger hold_is_never_deleted before delete on hold
begin
  select raise(abort, 'the log is never changed');
end;

create trigger release_is_never_changed before update on release
begin
  select raise(abort, 'the log is never changed');
end;

create trigger release_is_never_deleted before delete on release
begin
  select raise(abort, 'the log is never changed');
end;

create trigger pruned_is_never_changed before update on pruned
begin
  select raise(abort, 'the log is never changed');
end;

create trigger pruned_is_never_deleted before delete on pruned
begin
  select raise(abort, 'the log is never changed');
end;
