//! The pages of organizations.

use askama::Template;

use super::{Pager, Problems, Shell, State, Twin, When};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct OrganizationLine {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) monogram: String,
    pub(crate) created: When,
}

/// The list.
#[derive(Template)]
#[template(path = "organizations/list.html")]
pub(crate) struct OrganizationList {
    pub(crate) shell: Shell,
    pub(crate) none: bool,
    pub(crate) query: String,
    pub(crate) rows: Vec<OrganizationLine>,
    pub(crate) pager: Pager,
    pub(crate) may: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) path: String,
    pub(crate) example: String,
}

/// A new one, or the settings of one.
#[derive(Template)]
#[template(path = "organizations/edit.html")]
pub(crate) struct OrganizationForm {
    pub(crate) shell: Shell,
    pub(crate) head: Option<OrganizationHead>,
    pub(crate) action: String,
    pub(crate) list: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) may: bool,
    pub(crate) twin: Option<Twin>,
    pub(crate) problems: Problems,
}

/// The head of one organization's page.
#[derive(Debug, Clone)]
pub(crate) struct OrganizationHead {
    pub(crate) url: String,
    pub(crate) list: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) monogram: String,
    pub(crate) tab: &'static str,
}

impl OrganizationHead {
    pub(crate) fn tabs(&self) -> [(&'static str, &'static str, &'static str); 3] {
        [
            ("members", "Members", ""),
            ("invitations", "Invitations", "/invitations"),
            ("settings", "Settings", "/settings"),
        ]
    }

    pub(crate) fn is_tab(&self, name: &str) -> bool {
        self.tab == name
    }
}

/// A member.
#[derive(Debug, Clone)]
pub(crate) struct MemberLine {
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) roles: String,
    pub(crate) since: When,
    pub(crate) edit: String,
}

/// A role with whether it is ticked.
#[derive(Debug, Clone)]
pub(crate) struct RoleBox {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) on: bool,
}

/// The members of an organization.
#[derive(Template)]
#[template(path = "organizations/members.html")]
pub(crate) struct Members {
    pub(crate) shell: Shell,
    pub(crate) head: OrganizationHead,
    pub(crate) count: String,
    pub(crate) rows: Vec<MemberLine>,
    pub(crate) pager: Pager,
    pub(crate) may: bool,
    pub(crate) who: String,
    pub(crate) roles: Vec<RoleBox>,
    pub(crate) catalogue: String,
    pub(crate) problems: Problems,
}

/// One member's roles.
#[derive(Template)]
#[template(path = "organizations/member.html")]
pub(crate) struct MemberForm {
    pub(crate) shell: Shell,
    pub(crate) head: OrganizationHead,
    pub(crate) action: String,
    pub(crate) remove: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) roles: Vec<RoleBox>,
    pub(crate) problems: Problems,
}

/// An invitation.
#[derive(Debug, Clone)]
pub(crate) struct InvitationLine {
    pub(crate) email: String,
    pub(crate) roles: String,
    pub(crate) state: State,
    pub(crate) until: When,
    /// Where it is taken back, or nothing.
    pub(crate) revoke: String,
}

/// The invitations to an organization.
#[derive(Template)]
#[template(path = "organizations/invitations.html")]
pub(crate) struct Invitations {
    pub(crate) shell: Shell,
    pub(crate) head: OrganizationHead,
    pub(crate) rows: Vec<InvitationLine>,
    pub(crate) pager: Pager,
    pub(crate) may: bool,
    pub(crate) email: String,
    pub(crate) mail: bool,
    pub(crate) roles: Vec<RoleBox>,
    pub(crate) problems: Problems,
}

/// The roles that members may have.
#[derive(Template)]
#[template(path = "organizations/roles.html")]
pub(crate) struct Roles {
    pub(crate) shell: Shell,
    pub(crate) list: String,
    pub(crate) path: String,
    pub(crate) rows: Vec<RoleBox>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) may: bool,
    pub(crate) problems: Problems,
}

/// Two versions of an organization.
#[derive(Template)]
#[template(path = "organizations/conflict.html")]
pub(crate) struct OrganizationConflict {
    pub(crate) shell: Shell,
    pub(crate) head: OrganizationHead,
    pub(crate) changed: When,
    pub(crate) rows: Vec<super::applications::ConflictRow>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) action: String,
}
