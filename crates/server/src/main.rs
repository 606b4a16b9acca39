//! `tessera`: one binary that is the server, its tools and its command line. Owns start-up,
//! configuration, timers and flags; everything it serves is in the faces.

mod args;
mod boot;
mod cli;
mod config;
mod dev;
mod domains;
mod fail;
mod jobs;
mod lock;
mod mail;
mod masters;
mod routes;
mod serve;
mod tls;
mod upstream;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let args = args::Args::parse();
    match cli::run(args) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(fail) => fail.report(),
    }
}
