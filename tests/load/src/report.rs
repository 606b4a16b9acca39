//! The figures as a markdown table, with what is needed to judge them: the machine, the method,
//! and whether each gate holds.

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The goal's number.
    pub goal: &'static str,
    /// What was measured.
    pub what: String,
    /// The figure.
    pub figure: String,
    /// Gate and stretch as the goal states them.
    pub gate: &'static str,
    /// Whether the gate holds; `None` where it does not apply on this machine.
    pub holds: Option<bool>,
}

/// Prints the table.
pub fn print(rows: &[Row], notes: &[String]) {
    println!("| goal | measured | figure | gate / stretch | holds |");
    println!("|---|---|---|---|---|");
    for Row { goal, what, figure, gate, holds } in rows {
        let holds = holds.map_or("not gated here", |holds| if holds { "yes" } else { "**no**" });
        println!("| {goal} | {what} | {figure} | {gate} | {holds} |");
    }
    println!();
    for note in notes {
        println!("- {note}");
    }
}

/// The machine in one line.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown", |rest| rest.trim_start_matches(['\t', ' ', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = read("/proc/sys/kernel/osrelease");
    let count = info.matches("processor\t").count().max(cores);
    format!("{model}, {count} cores, Linux {}", kernel.trim())
}
