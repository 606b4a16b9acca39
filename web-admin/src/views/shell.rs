//! What stands around every page of the console: scope, navigation, who is signed in, appearance,
//! and the one notice that the last action left.

use protocol::redirect_uri::Environment;
use store::tenants::Tenant;
use web::views::monogram;

use crate::note::Note;

/// The environment of a tenant as its badge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Env {
    /// Class of the badge.
    pub(crate) class: &'static str,
    /// Its word.
    pub(crate) label: &'static str,
}

impl Env {
    pub(crate) fn of(environment: &str) -> Env {
        match environment.parse().unwrap_or(Environment::Production) {
            Environment::Development => Env { class: "dev", label: "Development" },
            Environment::Staging => Env { class: "staging", label: "Staging" },
            Environment::Production => Env { class: "prod", label: "Production" },
        }
    }
}

/// A tenant in the switcher.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) env: Env,
}

impl Scope {
    pub(crate) fn of(tenant: &Tenant) -> Scope {
        Scope {
            slug: tenant.slug.clone(),
            name: tenant.name.clone(),
            url: format!("/console/t/{}", tenant.slug),
            env: Env::of(&tenant.environment),
        }
    }
}

/// A link of the side navigation.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) text: &'static str,
    pub(crate) url: String,
    pub(crate) current: bool,
}

/// Links under one heading; the first group has none.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) items: Vec<Item>,
}

/// Who is signed in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Me {
    pub(crate) name: String,
    pub(crate) monogram: String,
}

impl Me {
    pub(crate) fn named(name: &str) -> Me {
        Me { name: name.to_owned(), monogram: monogram(name, 2) }
    }
}

/// Everything around a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shell {
    pub(crate) theme: &'static str,
    pub(crate) csrf: String,
    pub(crate) here: String,
    pub(crate) me: Me,
    pub(crate) operator: bool,
    pub(crate) tenant: Option<Scope>,
    pub(crate) tenants: Vec<Scope>,
    pub(crate) more_tenants: bool,
    pub(crate) nav: Vec<Group>,
    pub(crate) note: Option<Note>,
}

impl Shell {
    pub(crate) fn asset(&self, name: &str) -> String {
        web::assets::url(name)
    }

    /// The scope's name, for titles.
    pub(crate) fn name(&self) -> &str {
        self.tenant.as_ref().map_or("System", |tenant| tenant.name.as_str())
    }

    pub(crate) fn nav_label(&self) -> String {
        match &self.tenant {
            Some(tenant) => format!("Tenant {}", tenant.name),
            None => "System".to_owned(),
        }
    }

    pub(crate) fn is_here(&self, tenant: &Scope) -> bool {
        self.tenant.as_ref().is_some_and(|here| here.slug == tenant.slug)
    }

    pub(crate) fn themes(&self) -> [(&'static str, &'static str); 3] {
        [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    }

    pub(crate) fn is_theme(&self, value: &str) -> bool {
        if value == "system" { self.theme.is_empty() } else { self.theme == value }
    }

    /// The path under the tenant's part of the console.
    pub(crate) fn url(&self, rest: &str) -> String {
        match &self.tenant {
            Some(tenant) => format!("{}{rest}", tenant.url),
            None => format!("/console{rest}"),
        }
    }
}

/// The navigation of the system scope; `here` is the path of the current entry.
pub(crate) fn system_nav(operator: bool, here: &str) -> Vec<Group> {
    let mut items = Vec::new();
    if operator {
        items.push(item("Overview", "/console/system".into(), here));
    }
    items.push(item("Tenants", "/console/tenants".into(), here));
    if operator {
        items.push(item("Operators", "/console/t/system/admins".into(), here));
    }
    if operator {
        items.push(item("Mail server", "/console/system/mail".into(), here));
    }
    vec![Group { title: "", items }]
}

/// The navigation of a tenant; `here` is the path of the current entry.
pub(crate) fn tenant_nav(slug: &str, here: &str) -> Vec<Group> {
    let url = |rest: &str| format!("/console/t/{slug}{rest}");
    vec![
        Group { title: "", items: vec![item("Home", url(""), here)] },
        Group { title: "Build", items: vec![item("Applications", url("/applications"), here)] },
        Group {
            title: "Sign-in",
            items: vec![
                item("Connections", url("/connections"), here),
                item("User fields", url("/user-fields"), here),
                item("Sign-in & sign-up", url("/sign-in"), here),
                item("Branding", url("/branding"), here),
                item("E-mails", url("/mails"), here),
            ],
        },
        Group {
            title: "People",
            items: vec![
                item("Users", url("/users"), here),
                item("Organizations", url("/organizations"), here),
                item("Jobs", url("/jobs"), here),
            ],
        },
        Group {
            title: "Observe",
            items: vec![item("Logs", url("/logs"), here), item("Audit", url("/audit"), here)],
        },
        Group {
            title: "Manage",
            items: vec![
                item("Admins", url("/admins"), here),
                item("Domains", url("/domains"), here),
                item("Tenant settings", url("/settings"), here),
            ],
        },
    ]
}

fn item(text: &'static str, url: String, here: &str) -> Item {
    Item { text, current: url == here, url }
}
