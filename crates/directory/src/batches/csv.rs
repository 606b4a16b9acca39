//! CSV (RFC 4180), strictly: a quote that stands where none may stand is named by row and column
//! and never guessed around. What is written for a spreadsheet holds no formula (CWE-1236).

/// A mistake in the text of a file, with the line it is on (counted from 1) and the column (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) what: &'static str,
}

/// One record and the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

/// Which character parts the cells: the one that the first line has most of.
fn separator(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: char| first.chars().filter(|other| *other == c).count();
    [',', ';', '\t'].into_iter().rev().max_by_key(|c| count(*c)).unwrap_or(',')
}

/// Where a reader is within a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// Behind a quote within a quoted cell: its end, or the first of two.
    Quote,
}

struct Reader {
    records: Vec<Record>,
    cells: Vec<String>,
    cell: String,
    line: usize,
    began: usize,
    at: At,
}

impl Reader {
    fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
        self.at = At::Start;
    }

    fn end_record(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        // An empty line is no record.
        if cells.len() > 1 || !cells[0].is_empty() {
            self.records.push(Record { line: self.began, cells });
        }
        self.line += 1;
        self.began = self.line;
    }

    fn broken(&self, what: &'static str) -> Broken {
        Broken { line: self.line, column: self.cells.len() + 1, what }
    }

    fn take(&mut self, c: char, separator: char) -> Result<(), Broken> {
        match (self.at, c) {
            (At::Quoted, '"') => self.at = At::Quote,
            (At::Quoted, c) => {
                self.line += usize::from(c == '\n');
                self.cell.push(c);
            }
            (At::Quote, '"') => {
                self.cell.push('"');
                self.at = At::Quoted;
            }
            (_, c) if c == separator => self.end_cell(),
            (_, '\n') => self.end_record(),
            (At::Quote, _) => {
                return Err(self.broken(
                    "There is text behind the closing quote. Inside quotes, write a quote twice.",
                ));
            }
            (At::Start, '"') => self.at = At::Quoted,
            (_, '"') => {
                return Err(self.broken("A quote stands inside a value that does not begin with one. Put the whole value in quotes and write the inner quote twice."));
            }
            (_, c) => {
                self.cell.push(c);
                self.at = At::Plain;
            }
        }
        Ok(())
    }
}

/// Reads a file whole.
///
/// # Errors
/// The first mistake: behind it nothing can be told apart.
pub(crate) fn read(text: &str) -> Result<Vec<Record>, Broken> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator(text);
    let mut reader = Reader {
        records: Vec::new(),
        cells: Vec::new(),
        cell: String::new(),
        line: 1,
        began: 1,
        at: At::Start,
    };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let ends = c == '\r' && chars.peek() == Some(&'\n') && reader.at != At::Quoted;
        if !ends {
            reader.take(c, separator)?;
        }
    }
    if reader.at == At::Quoted {
        let (line, column) = (reader.began, reader.cells.len() + 1);
        let what = "A quote is opened and never closed. Close it, or write it twice if it belongs to the value.";
        return Err(Broken { line, column, what });
    }
    if !reader.cell.is_empty() || !reader.cells.is_empty() || reader.at == At::Quote {
        reader.end_record();
    }
    Ok(reader.records)
}

/// Whether a spreadsheet would calculate this cell.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Adds a record to a file. A cell that a spreadsheet would calculate gets an apostrophe before it.
pub(crate) fn write(into: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            into.push(',');
        }
        let marked = if is_formula(cell) { format!("'{cell}") } else { cell.clone() };
        if marked.contains(['"', ',', ';', '\n', '\r', '\t', '\'']) || marked.trim() != marked {
            into.push('"');
            into.push_str(&marked.replace('"', "\"\""));
            into.push('"');
        } else {
            into.push_str(&marked);
        }
    }
    into.push_str("\r\n");
}

/// The value of a cell: without the apostrophe that [`write()`] put before it.
pub(crate) fn value(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).unwrap().into_iter().map(|record| record.cells).collect()
    }

    #[test]
    fn quotes_line_breaks_and_separators_are_read_as_written() {
        assert_eq!(cells("a,b\r\n1,2\n"), [["a", "b"], ["1", "2"]]);
        assert_eq!(
            cells("\u{feff}a;b\n\"x;\"\"y\"\"\r\nz\";2"),
            [["a", "b"], ["x;\"y\"\r\nz", "2"]]
        );
        assert_eq!(cells("a\tb\n\n1\t\n"), [["a", "b"], ["1", ""]]);
        let lines: Vec<usize> = read("a\n\"1\n2\"\nb").unwrap().iter().map(|r| r.line).collect();
        assert_eq!(lines, [1, 2, 4]);
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn a_broken_quote_is_named_by_row_and_column() {
        let at = |text: &str| read(text).map_err(|e| (e.line, e.column)).unwrap_err();
        assert_eq!(at("a,b\n1,x\"y\n"), (2, 2));
        assert_eq!(at("a,b\n\"x\" y,2\n"), (2, 1));
        assert_eq!(at("a,b\n1,2\n3,\"never closed\n4,5\n"), (3, 2));
    }

    #[test]
    fn no_cell_is_a_formula_and_all_come_back() {
        let hostile = [
            "=HYPERLINK(\"http://x\")",
            "+43 1",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "＝1",
            "plain",
            "with \"quotes\", and ; more",
            " blank ",
            "'=1",
            "it's",
        ];
        let mut text = String::new();
        write(&mut text, &hostile.map(str::to_owned));
        let record = read(&text).unwrap().remove(0);
        for (cell, before) in record.cells.iter().zip(hostile) {
            assert!(!is_formula(cell), "{cell}");
            // Only what already looks like ours loses its apostrophe.
            if before != "'=1" {
                assert_eq!(value(cell), before);
            }
        }
    }
}
