//! The admin console: server-rendered pages over the commands of `directory`.
//!
//! Owns the console's sign-in as an application of the `system` tenant, its pages, and what a form
//! of theirs becomes. Every state is an address and every action works without a script: a page,
//! its POST, a redirect. It decides nothing itself: rights, input rules and audit are the commands'.

mod admins;
mod applications;
mod audit;
mod branding;
mod commands;
mod connections;
mod desk;
mod domains;
mod fields;
mod home;
mod installation;
mod jobs;
mod logs;
mod mail_server;
mod mails;
mod names;
mod note;
mod organizations;
mod routes;
mod sign_in;
mod snippets;
mod stage;
mod tenants;
mod theme;
mod user_fields;
mod users;
mod views;
mod visit;
mod ways;

#[cfg(test)]
mod tests;

pub use routes::routes;
