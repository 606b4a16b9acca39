//! The list of users: searched, filtered, ordered, page by page in both directions.

use actix_web::HttpResponse;
use directory::Action;
use directory::users::list::{Filter, Listed, Order, Query};
use directory::users::{self};
use protocol::Params;
use protocol::form::append_query;
use store::users::UserRow;
use web::views::monogram;
use web::{Fault, QueryParams};

use super::{HERE, name, state};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::users::{FilterLink, SortLink, UserLine, UserList};
use crate::views::{Pager, Twin, capped};
use crate::visit::Visit;

/// `GET /console/t/{tenant}/users`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let asked = read(&query.0);
    let (at, twin) = (query.0.get("at").map(str::to_owned), query.0.has("command"));
    visit.tenant(move |desk| page(desk, &asked, at.as_deref(), twin)).await
}

/// What an address or a form asks for.
pub(crate) fn read(params: &Params) -> Query {
    let text = |name: &str| params.get(name).unwrap_or_default();
    let order = match text("sort") {
        "name" => Order::Name,
        "created" => Order::Created,
        _ => Order::Email,
    };
    Query {
        text: text("q").chars().take(200).collect(),
        filter: Filter::parse(text("filter")).unwrap_or_default(),
        order,
        descending: text("dir") == "desc",
    }
}

/// Names of the tenant's connections by id.
pub(crate) fn connections(desk: &InTenant) -> Result<Vec<(String, String)>, Stop> {
    let found = desk.ctx.snapshots.connections(desk.ctx, &desk.tenant.id).map_err(Fault::from)?;
    Ok(found.iter().map(|c| (c.id.as_str().to_owned(), c.name.clone())).collect())
}

fn page(desk: &InTenant, asked: &Query, at: Option<&str>, twin: bool) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let found = users::list::list(ctx, actor, tenant, asked, at, None)?;
    let connections = connections(desk)?;
    let plain = asked.text.trim().is_empty() && asked.filter == Filter::All;
    let path = desk.url(HERE);
    desk.show(&UserList {
        shell: desk.shell(HERE)?,
        none: found.items.is_empty() && plain && at.is_none(),
        count: found.count.map(capped).unwrap_or_default(),
        chips: chips(&path, asked, &connections),
        filters: filters(&path, asked, &connections),
        name: sort(&path, asked, Order::Name, "Name"),
        email: sort(&path, asked, Order::Email, "Email"),
        created: sort(&path, asked, Order::Created, "Created"),
        pager: pager(&path, asked, at, &found),
        rows: found.items.iter().map(|user| line(desk, user)).collect(),
        may_create: desk.may(Action::UserCreate),
        may_bulk: desk.may(Action::UserImport),
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list_users(&desk.tenant.slug, asked),
        }),
        example: commands::create_user(&desk.tenant.slug, &users::CreateUser::default()),
        query: asked.text.clone(),
        filter: asked.filter.as_str().to_owned(),
        path,
    })
}

fn line(desk: &InTenant, user: &UserRow) -> UserLine {
    UserLine {
        id: user.id.to_string(),
        url: desk.url(&format!("{HERE}/{}", user.id)),
        name: name(user),
        email: user.email.clone(),
        monogram: monogram(&name(user), 2),
        state: state(user),
        last: user.last_sign_in_at.map(|at| desk.when(at)),
        created: desk.when(user.created_at),
    }
}

/// The address of a list.
fn url(path: &str, asked: &Query, at: Option<&str>) -> String {
    let sort = match asked.order {
        Order::Email => "",
        Order::Name => "name",
        Order::Created => "created",
    };
    let parts = [
        ("q", asked.text.as_str()),
        ("filter", asked.filter.as_str()),
        ("sort", sort),
        ("dir", if asked.descending { "desc" } else { "" }),
        ("at", at.unwrap_or_default()),
    ];
    let given: Vec<(&str, &str)> =
        parts.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    append_query(path, &given)
}

fn label(filter: &Filter, connections: &[(String, String)]) -> String {
    match filter {
        Filter::All => "Everybody".to_owned(),
        Filter::Blocked => "Blocked".to_owned(),
        Filter::Unverified => "Address not proven".to_owned(),
        Filter::NeverSignedIn => "Never signed in".to_owned(),
        Filter::Connection(id) => {
            let found = connections.iter().find(|(known, _)| known == id.as_str());
            found.map_or_else(|| "A connection".to_owned(), |(_, name)| format!("Through {name}"))
        }
    }
}

fn chips(path: &str, asked: &Query, connections: &[(String, String)]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if !asked.text.trim().is_empty() {
        let without = Query { text: String::new(), ..asked.clone() };
        found.push((format!("Begins with: {}", asked.text.trim()), url(path, &without, None)));
    }
    if asked.filter != Filter::All {
        let without = Query { filter: Filter::All, ..asked.clone() };
        found.push((label(&asked.filter, connections), url(path, &without, None)));
    }
    found
}

fn filters(path: &str, asked: &Query, connections: &[(String, String)]) -> Vec<FilterLink> {
    let through = connections.iter().take(12).filter_map(|(id, _)| Filter::parse(id));
    [Filter::All, Filter::Blocked, Filter::Unverified, Filter::NeverSignedIn]
        .into_iter()
        .chain(through)
        .map(|filter| FilterLink {
            text: label(&filter, connections),
            on: filter == asked.filter,
            url: url(path, &Query { filter, ..asked.clone() }, None),
        })
        .collect()
}

/// A search and a filter have an order of their own.
fn sort(path: &str, asked: &Query, order: Order, text: &'static str) -> SortLink {
    let given = !asked.text.trim().is_empty() || asked.filter != Filter::All;
    if given {
        return SortLink { text, url: String::new(), now: "" };
    }
    let here = asked.order == order;
    let descending = if here { !asked.descending } else { order == Order::Created };
    let now = match (here, asked.descending) {
        (false, _) => "",
        (true, false) => "ascending",
        (true, true) => "descending",
    };
    let to = Query { order, descending, ..asked.clone() };
    SortLink { text, url: url(path, &to, None), now }
}

fn pager(path: &str, asked: &Query, at: Option<&str>, found: &Listed) -> Pager {
    let to = |token: &Option<String>| {
        token.as_deref().map(|token| url(path, asked, Some(token))).unwrap_or_default()
    };
    Pager {
        text: if at.is_some() { "Continued" } else { "" }.to_owned(),
        first: at.map(|_| url(path, asked, None)).unwrap_or_default(),
        previous: to(&found.previous),
        next: to(&found.next),
    }
}
