//! Migrating, on both databases: twice, two at once, after an edit, under a newer version, and into
//! a database that belongs to somebody else.

mod common;

use common::Scratch;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use store::{Db, Error, Timestamp, migrate};

on_both!(
    up_twice_applies_once,
    status_writes_nothing,
    a_migration_nobody_knows_is_refused,
    an_edited_migration_is_refused,
    two_migrators_take_turns,
    another_programs_database_is_refused,
    a_migration_that_fails_leaves_nothing,
);

fn execute(scratch: &Scratch, sql: &str) {
    match scratch {
        Scratch::Sqlite { .. } => {
            SqliteConnection::establish(&scratch.url()).unwrap().batch_execute(sql).unwrap();
        }
        Scratch::Postgres { .. } => {
            PgConnection::establish(&scratch.url()).unwrap().batch_execute(sql).unwrap();
        }
    }
}

fn applied(db: &Db) -> Vec<Option<Timestamp>> {
    migrate::status(db).unwrap().into_iter().map(|migration| migration.applied_at).collect()
}

fn schema_error<T: std::fmt::Debug>(answer: Result<T, Error>, part: &str) {
    let Err(Error::Schema(text)) = &answer else { panic!("{answer:?}") };
    assert!(text.contains(part), "{text}");
}

fn up_twice_applies_once(scratch: &Scratch) {
    let db = scratch.open();
    let names = migrate::up(&db, Timestamp(5)).unwrap();
    assert_eq!(names.first(), Some(&"0000_feed"));
    assert!(applied(&db).iter().all(|at| *at == Some(Timestamp(5))));
    assert_eq!(migrate::up(&db, Timestamp(6)), Ok(vec![]));
    assert!(applied(&db).iter().all(|at| *at == Some(Timestamp(5))));
    assert_eq!(migrate::up(&scratch.open(), Timestamp(7)), Ok(vec![]), "opened anew");
    let versions: Vec<_> = migrate::status(&db).unwrap().iter().map(|m| m.version).collect();
    assert!(versions.is_sorted());
}

fn status_writes_nothing(scratch: &Scratch) {
    let db = scratch.open();
    for _ in 0..2 {
        assert!(!applied(&db).is_empty() && applied(&db).iter().all(Option::is_none));
    }
    assert_eq!(db.counters().write_transactions, 0);
}

fn a_migration_nobody_knows_is_refused(scratch: &Scratch) {
    let db = scratch.open();
    migrate::up(&db, Timestamp(1)).unwrap();
    execute(scratch, "INSERT INTO schema_migrations VALUES (9999, '9999_future', 'x', 1)");
    schema_error(migrate::status(&db), "9999_future");
    schema_error(migrate::up(&db, Timestamp(2)), "newer");
}

fn an_edited_migration_is_refused(scratch: &Scratch) {
    let db = scratch.open();
    migrate::up(&db, Timestamp(1)).unwrap();
    execute(scratch, "UPDATE schema_migrations SET checksum = 'edited' WHERE version = 0");
    schema_error(migrate::status(&db), "0000_feed was changed");
    schema_error(migrate::up(&db, Timestamp(2)), "0000_feed was changed");
}

fn two_migrators_take_turns(scratch: &Scratch) {
    for round in 0..3 {
        let databases: Vec<_> = (0..4).map(|_| scratch.open()).collect();
        let applied: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = databases
                .iter()
                .map(|db| scope.spawn(move || migrate::up(db, Timestamp(1)).unwrap()))
                .collect();
            running.into_iter().flat_map(|migrator| migrator.join().unwrap()).collect()
        });
        let all = migrate::status(&databases[0]).unwrap();
        let names: Vec<_> = all.iter().map(|migration| migration.name).collect();
        let mut sorted = applied;
        sorted.sort_unstable();
        assert_eq!(sorted, if round == 0 { names } else { vec![] }, "each exactly once");
    }
}

fn another_programs_database_is_refused(scratch: &Scratch) {
    let db = scratch.open();
    execute(scratch, "CREATE TABLE schema_migrations (version TEXT PRIMARY KEY)");
    schema_error(migrate::up(&db, Timestamp(1)), "another program");
    execute(scratch, "DROP TABLE schema_migrations; CREATE TABLE blog_posts (id INT)");
    schema_error(migrate::status(&db), "another program");
    schema_error(migrate::up(&db, Timestamp(1)), "another program");
    if let Scratch::Sqlite { .. } = scratch {
        schema_error(Db::open(&scratch.config()).map(|_| ()), "another program");
    }
}

fn a_migration_that_fails_leaves_nothing(scratch: &Scratch) {
    let db = scratch.open();
    migrate::up(&db, Timestamp(1)).unwrap();
    // As if the first had never run, but something stands in the way of its second table.
    execute(scratch, "DELETE FROM schema_migrations WHERE version = 0; DROP TABLE changes");
    assert!(migrate::up(&db, Timestamp(2)).is_err());
    let found = migrate::status(&db).unwrap();
    assert_eq!(found[0].applied_at, None);
    let changes = db.system_read(|tx| tx.raw_number("SELECT count(*) AS n FROM changes"));
    assert!(changes.is_err(), "the table made by the failed migration is gone: {changes:?}");
    execute(scratch, "DROP TABLE feed_heads");
    assert_eq!(migrate::up(&db, Timestamp(3)), Ok(vec!["0000_feed"]));
}
