create table if not exists evaluation (
    number integer primary key,
    control text not null,
    version integer not null,
    sha256 text not null,
    parameters text not null,
    snapshot text not null,
    as_of text not null,
    evaluated_at text not null,
    first_day text not null,
    end_day text not null,
    found text not null,
    standing text not null,
    counts text not null,
    error text,
    unique (control, snapshot)
);
create table if not exists turn (
    evaluation integer not null references evaluation (number),
    control text not null,
    row text not null,
    title text not null,
    team text,
    url text,
    was text,
    became text,
    detail text
);
create index if not exists turn_of_row on turn (control, row, evaluation);
create trigger if not exists evaluation_is_never_changed before update on evaluation
begin select raise(abort, 'an evaluation is never changed'); end;
create trigger if not exists evaluation_is_never_deleted before delete on evaluation
begin select raise(abort, 'an evaluation is never deleted'); end;
create trigger if not exists turn_is_never_changed before update on turn
begin select raise(abort, 'a turn is never changed'); end;
create trigger if not exists turn_is_never_deleted before delete on turn
begin select raise(abort, 'a turn is never deleted'); end;
