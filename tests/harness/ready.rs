//! The ready file of `tessera dev`: the contract that a user's own automation relies on, so
//! these structs name every member and nothing optional is guessed.

use serde::Deserialize;

/// A started server, in its own words.
#[derive(Clone, Debug, Deserialize)]
pub struct Ready {
    /// Where users reach the installation; part of every issuer.
    pub base_url: String,
    /// Where this very process listens.
    pub listen_url: String,
    /// The admin console.
    pub console_url: String,
    /// The mail inbox of a development server.
    pub inbox_url: Option<String>,
    /// The database this server uses.
    pub database: String,
    /// The file with the master key.
    pub master_key_file: String,
    /// A configuration file for every other command.
    pub config: String,
    /// The process id.
    pub pid: u32,
    /// The first operator.
    pub operator: Operator,
    /// The demo tenant.
    pub tenant: Tenant,
    /// Its applications.
    pub applications: Vec<Application>,
    /// Its users.
    pub users: Vec<User>,
}

/// The first operator.
#[derive(Clone, Debug, Deserialize)]
pub struct Operator {
    /// Sign-in name.
    pub email: String,
    /// In clear: a development server only.
    pub password: String,
}

/// A tenant.
#[derive(Clone, Debug, Deserialize)]
pub struct Tenant {
    /// Its name in addresses.
    pub slug: String,
    /// Its issuer.
    pub issuer: String,
}

/// An application, as the ready file and `tessera app create --json` show it.
#[derive(Clone, Debug, Deserialize)]
pub struct Application {
    /// Identifier.
    pub id: String,
    /// Display name.
    pub name: String,
    /// `web`, `spa`, `native` or `machine`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The OAuth client id.
    pub client_id: String,
    /// Absent for public clients.
    pub client_secret: Option<String>,
    /// Where codes may go.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where a logout may end.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
}

/// A seeded user.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// Identifier and `sub`.
    pub id: String,
    /// Sign-in name.
    pub email: String,
    /// In clear: a development server only.
    pub password: String,
}

impl Ready {
    /// The first seeded application of a type.
    ///
    /// # Panics
    /// When the contract is broken and there is none.
    pub fn application(&self, kind: &str) -> Application {
        self.applications
            .iter()
            .find(|application| application.kind == kind)
            .unwrap_or_else(|| panic!("no {kind} application in {:?}", self.applications))
            .clone()
    }
}
