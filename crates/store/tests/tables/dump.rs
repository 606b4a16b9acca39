//! Every column of every row of a tenant as text, so that a test sees whatever changed.

use store::{Error, Kind, TenantId, Tx};

/// The tables with a tenant, and their columns in order.
pub fn columns(tx: &mut Tx, kind: Kind) -> Result<Vec<(String, Vec<String>)>, Error> {
    let all = tx.raw_lines(match kind {
        Kind::Sqlite => {
            "SELECT m.name || ' ' || c.name AS line FROM sqlite_schema m, \
             pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid"
        }
        Kind::Postgres => {
            "SELECT table_name || ' ' || column_name AS line FROM information_schema.columns \
             WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        }
    })?;
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for line in &all {
        let (table, column) = line.split_once(' ').unwrap();
        match tables.last_mut().filter(|(name, _)| name == table) {
            Some((_, columns)) => columns.push(column.to_owned()),
            None => tables.push((table.to_owned(), vec![column.to_owned()])),
        }
    }
    Ok(tables)
}

/// What the database holds of a tenant: its own row and those of every table in it.
pub fn dump(tx: &mut Tx, kind: Kind, of: &TenantId) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    for (table, columns) in columns(tx, kind)? {
        let owner = match (table.as_str(), columns[0].as_str()) {
            ("tenants", _) => "id",
            (_, "tenant") => "tenant",
            _ => continue,
        };
        let text = |column: &String| match kind {
            Kind::Sqlite => format!("coalesce(hex({column}), '-')"),
            Kind::Postgres => format!("coalesce({column}::text, '-')"),
        };
        let row = columns.iter().map(text).collect::<Vec<_>>().join(" || '|' || ");
        lines.extend(tx.raw_lines(&format!(
            "SELECT '{table} ' || {row} AS line FROM {table} WHERE {owner} = '{of}' ORDER BY 1"
        ))?);
    }
    Ok(lines)
}
