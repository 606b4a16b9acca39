//! Commands on the installation: its database, links for operators, keys.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum MigrateCommand {
    /// Apply what is missing.
    Up,
    /// Show what is applied and what is missing.
    Status,
}

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Print a one-time link to create the first operator; links printed before stop working.
    SetupLink,
    /// Print a one-time link with which an operator sets a new password.
    ResetLink {
        /// The operator's e-mail address.
        email: String,
    },
    /// List who administers a tenant, and who is invited.
    List {
        /// Tenant, by id or slug; `system` for operators.
        #[arg(long)]
        tenant: String,
    },
    /// Invite somebody to administer a tenant; the answer has the link.
    Invite {
        /// Tenant, by id or slug; `system` for operators.
        #[arg(long)]
        tenant: String,
        /// Their address.
        #[arg(long)]
        email: String,
        /// owner, admin, support or auditor; operator on the system tenant.
        #[arg(long)]
        role: String,
    },
    /// Withdraw an invitation by its id.
    Withdraw {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// The invitation.
        id: String,
    },
    /// Give an admin another role.
    Grant {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// owner, admin, support or auditor.
        #[arg(long)]
        role: String,
        /// Their id in the system tenant.
        user: String,
    },
    /// Take away all that somebody may do on a tenant.
    Remove {
        /// Tenant, by id or slug; `system` for operators.
        #[arg(long)]
        tenant: String,
        /// Their id in the system tenant.
        user: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a new signing key for a tenant; it is published at once and signs ten minutes later.
    Rotate {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// ES256, RS256 or EdDSA.
        #[arg(long, default_value = "ES256")]
        algorithm: String,
    },
    /// Add a master key to the master key file; nodes seal with it five seconds later.
    RotateMaster,
    /// Seal everything anew under the present master key, so that older ones may be removed.
    Reseal,
}
