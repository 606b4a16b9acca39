//! Files that become rows, and files that do not: what is said of them names row and column.

use super::*;
use crate::batches::IfExists;

fn upload<'a>(file: &'a str, bytes: &'a [u8]) -> Upload<'a> {
    Upload { file, bytes, format: None, if_exists: IfExists::Skip }
}

fn messages(bytes: &[u8]) -> Vec<String> {
    match read(&upload("", bytes), &Schema::default()) {
        Err(Error::Form(errors)) => errors.into_iter().map(|e| e.message).collect(),
        Err(other) => panic!("{other}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn a_table_and_objects_are_the_same_rows() {
    let table = "Email,given_name,address.locality,email_verified\nann@example.com,Ann,Graz,TRUE\n";
    let lines = r#"{"email":"ann@example.com","given_name":"Ann","address":{"locality":"Graz"},"email_verified":"true","id":"usr_1"}"#;
    let array = format!("[{lines}]");
    for (text, kind) in
        [(table, Format::Csv), (lines, Format::Ndjson), (array.as_str(), Format::Json)]
    {
        let (format, read) = read(&upload("", text.as_bytes()), &Schema::default()).unwrap();
        assert_eq!(format, kind);
        let values = Value::Object(read.rows[0].values.clone());
        assert_eq!(
            values,
            serde_json::json!({
                "email": "ann@example.com", "given_name": "Ann",
                "address.locality": "Graz", "email_verified": "true",
            })
        );
    }
}

#[test]
fn what_is_wrong_with_a_file_names_row_and_column() {
    let starts = |bytes: &[u8], text: &str| {
        let found = messages(bytes);
        assert!(found.first().is_some_and(|m| m.starts_with(text)), "{text}: {found:?}");
    };
    starts(b"email,name\na@x.org,J\xf6rg\n", "Row 2, column 2: the byte 0xf6 is not UTF-8.");
    starts(b"\xff\xfee\0m\0", "The file is UTF-16");
    starts(b"email,name\na@x.org,\"Ann\n", "Row 2, column 2: A quote is opened");
    starts(b"email,name\na@x.org,A\"nn\n", "Row 2, column 2: A quote stands inside");
    starts(b"email,name\na@x.org\n", "Row 2: 1 values for 2 columns.");
    starts(
        b"email,giv_name\na@x.org,A\n",
        "Column 2: there is no field \"giv_name\". Did you mean given_name?",
    );
    starts(
        b"email,First name\na@x.org,A\n",
        "Column 2: there is no field \"First name\". Did you mean given_name?",
    );
    starts(b"email,role\na@x.org,owner\n", "Column 2: there is no field \"role\".");
    starts(b"email,email\na,b\n", "Column 2: \"email\" stands twice");
    starts(b"name\nAnn\n", "Row 1: there is no column email.");
    starts(b"email\n", "There are no rows");
    starts(b"", "Row 1: there is no column email.");
    starts(b"{\"email\":\"a@x.org\"}\n{\"email\":", "Row 2: this is not one JSON object.");
    starts(b"[{\"email\":1},2]", "Row 2: this is not a JSON object.");
}

#[test]
fn an_address_that_stands_twice_is_named_in_the_later_row() {
    let text = b"email,external_id\nAnn@example.com,1\nann@EXAMPLE.com,2\nbo@example.com,1\n";
    let (_, read) = read(&upload("", text), &Schema::default()).unwrap();
    let found: Vec<(usize, &str, &str)> = read
        .rows
        .iter()
        .flat_map(|row| &row.problems)
        .map(|p| (p.row, p.column.as_str(), p.message.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (3, "email", "The same stands in row 2. Remove one of them."),
            (4, "external_id", "The same stands in row 2. Remove one of them."),
        ]
    );
}
