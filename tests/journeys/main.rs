//! What people and programs do with a running installation, from the first request to the last,
//! on both databases.

mod admins;
mod cli;
mod client_credentials;
mod code_flow;
mod connections;
mod console;
mod credentials;
mod discovery;
mod domains;
mod imports;
mod links;
mod logs;
mod looks;
mod mail;
mod organizations;
mod profiles;
mod ready_file;
mod recovery;
mod refresh;
mod self_service;
mod sign_in;
mod sign_out;
mod single_sign_on;
mod tenants;
mod upstream;
mod users;
