//! `tessera org …` and `tessera member …`.

use clap::Subcommand;

use super::PageArgs;

#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// Create an organization.
    Create {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Its short name.
        #[arg(long)]
        slug: String,
        /// The name people read.
        #[arg(long)]
        name: String,
    },
    /// List organizations.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Those whose short name begins so.
        #[arg(long, default_value = "")]
        query: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show an organization by id or short name.
    Show {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        org: String,
    },
    /// Delete an organization; its members stay users.
    Delete {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        org: String,
    },
    /// List the roles that members may have.
    Roles {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
    },
    /// Add a role to the catalogue.
    AddRole {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        name: String,
        /// What it is for.
        #[arg(long, default_value = "")]
        description: String,
    },
    /// Take a role out of the catalogue.
    RemoveRole {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// List the members of an organization.
    List {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Organization, by id or short name.
        #[arg(long)]
        org: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Make a user a member, or give a member other roles.
    Set {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Organization, by id or short name.
        #[arg(long)]
        org: String,
        /// The user, by id or address.
        #[arg(long)]
        user: String,
        /// A role; repeatable.
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// End a membership.
    Remove {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Organization, by id or short name.
        #[arg(long)]
        org: String,
        /// The user, by id or address.
        #[arg(long)]
        user: String,
    },
    /// Invite somebody; the answer has the link unless it goes out by mail.
    Invite {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Organization, by id or short name.
        #[arg(long)]
        org: String,
        /// The address it is for.
        #[arg(long)]
        email: String,
        /// A role; repeatable.
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// Send it by mail.
        #[arg(long)]
        mail: bool,
    },
    /// List invitations.
    Invitations {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Organization, by id or short name.
        #[arg(long)]
        org: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Take an invitation back.
    Uninvite {
        /// Tenant, by id or slug.
        #[arg(long)]
        tenant: String,
        /// Organization, by id or short name.
        #[arg(long)]
        org: String,
        id: String,
    },
}
