//! The house rules of docs/explanation/architecture.md, asserted against the sources themselves:
//! which room may import which, who may use which heavy crate, how long a file and a function
//! may grow, what migrations and templates may contain.

#[path = "architecture/arrows.rs"]
mod arrows;
#[path = "architecture/budget.rs"]
mod budget;
#[path = "architecture/documents.rs"]
mod documents;
#[path = "architecture/migrations.rs"]
mod migrations;
#[path = "architecture/sources.rs"]
mod sources;
#[path = "architecture/templates.rs"]
mod templates;
