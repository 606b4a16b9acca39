//! `tessera domain …`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum DomainCommand {
    /// Add a host of a tenant's own; the answer has the TXT record that proves it.
    Add {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// The host, such as login.example.com.
        host: String,
        /// Vouch for it: no proof is asked for.
        #[arg(long)]
        without_proof: bool,
    },
    /// List the hosts of a tenant.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Look the TXT record of a host up now.
    Check {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// The host.
        host: String,
    },
    /// Make a proven host the tenant's address: its issuer changes.
    Set {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// The host; without it, the usual address of the tenant.
        host: Option<String>,
    },
    /// Remove a host that is not the tenant's address.
    Remove {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// The host.
        host: String,
    },
}
