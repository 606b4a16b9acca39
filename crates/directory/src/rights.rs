//! Who may do what: one table of roles and actions. A test keeps it whole, so that a change to a
//! right is seen in review as a change to the table.

use serde::{Deserialize, Serialize};

/// What somebody may be on a tenant. An operator is one on the whole installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, everywhere.
    Operator,
    /// Everything in a tenant.
    Owner,
    /// Everything in a tenant but what ends it and who else may act in it.
    Admin,
    /// Users and their sessions; reads the rest.
    Support,
    /// Reads.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] =
        [Role::Operator, Role::Owner, Role::Admin, Role::Support, Role::Auditor];

    /// Its name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Support => "support",
            Role::Auditor => "auditor",
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $least:ident;)*) => {
        /// What can be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Action] = &[$(Action::$name,)*];

            /// Its name in the audit and in messages.
            pub fn as_str(self) -> &'static str {
                match self { $(Action::$name => $text,)* }
            }

            /// The least class of roles that may do it.
            fn class(self) -> Class {
                match self { $(Action::$name => Class::$least,)* }
            }
        }
    };
}

/// Classes of actions, each allowed to a fixed set of roles.
#[derive(Clone, Copy)]
enum Class {
    /// Installation-wide.
    Installation,
    /// Ends a tenant or changes who may act in it.
    Own,
    /// Changes how a tenant works.
    Configure,
    /// Helps a person.
    Help,
    /// Looks.
    Read,
}

actions! {
    /// See all tenants.
    TenantList = "tenant.list", Installation;
    /// Create a tenant.
    TenantCreate = "tenant.create", Installation;
    /// See a tenant's settings.
    TenantRead = "tenant.read", Read;
    /// Change a tenant's name, brand or environment.
    TenantUpdate = "tenant.update", Configure;
    /// Give a tenant a host of its own, suspend or resume it.
    TenantOperate = "tenant.operate", Installation;
    /// Delete a tenant.
    TenantDelete = "tenant.delete", Installation;
    /// See applications.
    ApplicationRead = "application.read", Read;
    /// Register an application.
    ApplicationCreate = "application.create", Configure;
    /// Change, disable or enable an application.
    ApplicationUpdate = "application.update", Configure;
    /// Make or revoke a client secret.
    SecretRotate = "application.secret", Configure;
    /// Delete an application.
    ApplicationDelete = "application.delete", Configure;
    /// See users.
    UserRead = "user.read", Read;
    /// Create a user.
    UserCreate = "user.create", Help;
    /// Block or unblock a user, make a link to set a password.
    UserHelp = "user.help", Help;
    /// Delete a user.
    UserDelete = "user.delete", Configure;
    /// See sessions.
    SessionRead = "session.read", Read;
    /// End sessions.
    SessionRevoke = "session.revoke", Help;
    /// See the audit.
    AuditRead = "audit.read", Read;
    /// Rotate signing keys.
    KeyRotate = "key.rotate", Own;
    /// See connections and their mappings.
    ConnectionRead = "connection.read", Read;
    /// Add a connection.
    ConnectionCreate = "connection.create", Configure;
    /// Change a connection or its mapping, test it.
    ConnectionUpdate = "connection.update", Configure;
    /// Delete a connection.
    ConnectionDelete = "connection.delete", Configure;
    /// Change how people get in, how pages look and which fields users have.
    SignInUpdate = "sign_in.update", Configure;
    /// Change a user's fields, identities and consents.
    UserUpdate = "user.update", Help;
    /// Import users, or work on many at once.
    UserImport = "user.import", Configure;
    /// Export users.
    UserExport = "user.export", Configure;
    /// See organizations, their members and invitations.
    OrganizationRead = "organization.read", Read;
    /// Create, change and delete organizations and their roles.
    OrganizationUpdate = "organization.update", Configure;
    /// Change who belongs to an organization, and invite.
    MemberUpdate = "member.update", Help;
    /// See who administers a tenant.
    RoleRead = "role.read", Read;
    /// Change who administers a tenant, and invite.
    RoleAssign = "role.assign", Own;
    /// See what happened to sign-ins.
    LogRead = "log.read", Read;
    /// See mail templates and what became of mails.
    MailRead = "mail.read", Read;
    /// Change a tenant's sender and mail templates.
    MailUpdate = "mail.update", Configure;
    /// Add, prove and remove hosts of a tenant's own.
    DomainUpdate = "domain.update", Configure;
    /// See the state of the installation.
    InstallationRead = "installation.read", Installation;
    /// Change the settings of the installation, such as its mail server.
    InstallationUpdate = "installation.update", Installation;
}

/// Whether a role may do something. An unknown combination may not.
pub fn allowed(role: Role, action: Action) -> bool {
    match action.class() {
        Class::Installation => role == Role::Operator,
        Class::Own => matches!(role, Role::Operator | Role::Owner),
        Class::Configure => matches!(role, Role::Operator | Role::Owner | Role::Admin),
        Class::Help => role != Role::Auditor,
        Class::Read => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table whole: a letter per role that may, in the order of [`Role::ALL`].
    const TABLE: &str = "\
tenant.list             O
tenant.create           O
tenant.read             OWASR
tenant.update           OWA
tenant.operate          O
tenant.delete           O
application.read        OWASR
application.create      OWA
application.update      OWA
application.secret      OWA
application.delete      OWA
user.read               OWASR
user.create             OWAS
user.help               OWAS
user.delete             OWA
session.read            OWASR
session.revoke          OWAS
audit.read              OWASR
key.rotate              OW
connection.read         OWASR
connection.create       OWA
connection.update       OWA
connection.delete       OWA
sign_in.update          OWA
user.update             OWAS
user.import             OWA
user.export             OWA
organization.read       OWASR
organization.update     OWA
member.update           OWAS
role.read               OWASR
role.assign             OW
log.read                OWASR
mail.read               OWASR
mail.update             OWA
domain.update           OWA
installation.read       O
installation.update     O
";

    #[test]
    fn the_rights_table_is_this_one() {
        let mut table = String::new();
        for action in Action::ALL {
            let who: String = Role::ALL
                .into_iter()
                .zip("OWASR".chars())
                .filter_map(|(role, letter)| allowed(role, *action).then_some(letter))
                .collect();
            table.push_str(&format!("{:<24}{who}\n", action.as_str()));
        }
        assert_eq!(table, TABLE);
    }
}
