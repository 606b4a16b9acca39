//! The console as a browser meets it: every page in its states held against the rules of our HTML,
//! forms that keep what was typed, and doors that stay shut.

mod doors;
mod forms;
mod largest;
mod lint;
mod pages;
mod rights;
mod site;
