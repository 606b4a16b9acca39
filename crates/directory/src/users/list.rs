//! Lists of users: in an order, filtered, or searched. A search looks for a prefix in the address,
//! then in the name, then in the external id; who was found by one is not listed again by the next.
//! A page reads a bounded number of rows, however many users there are.

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::users::{UserPlace, UserRow, UserScan, UserSearch, fold};
use store::{ConnectionId, TenantId, Tx};

use crate::actor::Actor;
use crate::error::Error;
use crate::page::{self, COUNT_CAP};
use crate::rights::Action;

/// So many rows of an index a search looks at for one page.
const WINDOW: i64 = 1_000;
/// Rows that are read at a time while searching.
const STRIDE: i64 = 200;

/// In which order users are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By canonical e-mail.
    #[default]
    Email,
    /// By name.
    Name,
    /// By the time they were created.
    Created,
}

/// Which users are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those who are kept out.
    Blocked,
    /// Those whose address nobody proved.
    Unverified,
    /// Those who never signed in.
    NeverSignedIn,
    /// Those who can sign in through a connection.
    Connection(ConnectionId),
}

impl Filter {
    /// The filter of this word: `blocked`, `unverified`, `never_signed_in`, or the id of a
    /// connection. Nothing is all.
    pub fn parse(word: &str) -> Option<Filter> {
        match word {
            "" | "all" => Some(Filter::All),
            "blocked" => Some(Filter::Blocked),
            "unverified" => Some(Filter::Unverified),
            "never_signed_in" => Some(Filter::NeverSignedIn),
            other => ConnectionId::parse(other).map(Filter::Connection),
        }
    }

    /// Its word.
    pub fn as_str(&self) -> &str {
        match self {
            Filter::All => "",
            Filter::Blocked => "blocked",
            Filter::Unverified => "unverified",
            Filter::NeverSignedIn => "never_signed_in",
            Filter::Connection(id) => id.as_str(),
        }
    }
}

/// What a list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Query {
    /// A prefix of address, name or external id; may be empty.
    pub text: String,
    /// Which users.
    pub filter: Filter,
    /// In which order; a search and a filter have their own.
    pub order: Order,
    /// Whether from the end.
    pub descending: bool,
}

impl Query {
    /// The list that answers it when nothing is searched.
    pub(crate) fn scan(&self) -> UserScan {
        match (&self.filter, self.order) {
            (Filter::All, Order::Email) => UserScan::Email,
            (Filter::All, Order::Name) => UserScan::Name,
            (Filter::All, Order::Created) => UserScan::Created,
            (Filter::Blocked, _) => UserScan::Blocked,
            (Filter::Unverified, _) => UserScan::Unverified,
            (Filter::NeverSignedIn, _) => UserScan::NeverSignedIn,
            (Filter::Connection(id), _) => UserScan::Connection(id.clone()),
        }
    }

    /// A place of one list is none of another.
    fn scope(&self) -> String {
        let way = if self.descending { "-" } else { "+" };
        format!("users {:?}{way} {} {}", self.order, self.filter.as_str(), self.text.trim())
    }
}

/// One page of users.
#[derive(Debug)]
pub struct Listed {
    /// Who is on it.
    pub items: Vec<UserRow>,
    /// How to ask for the page before.
    pub previous: Option<String>,
    /// How to ask for the page after.
    pub next: Option<String>,
    /// How many there are in all, up to 1,001; none for a search, which does not look ahead.
    pub count: Option<i64>,
}

/// Where a page begins and which way it reads.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Backwards from there.
    #[serde(default)]
    back: bool,
    /// Which of the three searches.
    #[serde(default)]
    phase: usize,
    key: String,
    id: String,
}

impl Place {
    fn of(place: UserPlace, phase: usize, back: bool) -> Place {
        Place { back, phase, key: place.key, id: place.id }
    }

    fn user(&self) -> UserPlace {
        UserPlace { key: self.key.clone(), id: self.id.clone() }
    }
}

/// Users of a tenant.
///
/// # Errors
/// [`Error::Form`] for a page that belongs to another list, [`Error::Forbidden`], or whatever the
/// database reports.
pub fn list(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    query: &Query,
    at: Option<&str>,
    limit: Option<i64>,
) -> Result<Listed, Error> {
    let limit = page::limit(limit);
    let name = query.scope();
    let scope = (tenant.as_str(), name.as_str());
    let place = page::open(ctx, scope, at)?.and_then(|text| serde_json::from_str(&text).ok());
    let seal = |place: Place| page::seal(ctx, scope, &serde_json::json!(place).to_string());
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        if query.text.trim().is_empty() {
            let scan = query.scan();
            let (items, previous, next) = walk(tx, &scan, query.descending, place.as_ref(), limit)?;
            let (previous, next) = (previous.map(seal), next.map(seal));
            let count = Some(tx.count_users(&scan, COUNT_CAP)?);
            return Ok(Listed { items, previous, next, count });
        }
        let (items, next) = search(tx, query, place, limit)?;
        Ok(Listed { items, previous: None, next: next.map(seal), count: None })
    })
}

type Walked = (Vec<UserRow>, Option<Place>, Option<Place>);

/// A page of a list, and where the ones before and after it begin.
fn walk(
    tx: &mut Tx,
    scan: &UserScan,
    descending: bool,
    from: Option<&Place>,
    limit: i64,
) -> Result<Walked, store::Error> {
    let back = from.is_some_and(|place| place.back);
    let after = from.map(Place::user);
    let mut rows = tx.list_users(scan, after.as_ref(), descending == back, limit + 1)?;
    let more = i64::try_from(rows.len()).unwrap_or(limit) > limit;
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    if back {
        rows.reverse();
    }
    let first = rows.first().map(|row| Place::of(scan.place(row), 0, true));
    let last = rows.last().map(|row| Place::of(scan.place(row), 0, false));
    let (before, after) = if back { (more, true) } else { (from.is_some(), more) };
    Ok((rows, first.filter(|_| before), last.filter(|_| after)))
}

/// The three searches, in their order.
const PHASES: [UserSearch; 3] = [UserSearch::Email, UserSearch::Name, UserSearch::ExternalId];

/// A page of a search, and where it goes on. It may be short where many were found before.
pub(crate) fn search(
    tx: &mut Tx,
    query: &Query,
    from: Option<Place>,
    limit: i64,
) -> Result<(Vec<UserRow>, Option<Place>), store::Error> {
    let prefixes = prefixes(&query.text);
    let limit = usize::try_from(limit).unwrap_or_default();
    let (mut found, mut seen) = (Vec::new(), 0);
    let mut phase = from.as_ref().map_or(0, |place| place.phase);
    let mut place = from.as_ref().map(Place::user);
    while let (Some(by), Some(prefix)) = (PHASES.get(phase), prefixes.get(phase)) {
        let rows = tx.search_users(*by, prefix, place.as_ref(), STRIDE)?;
        let last_page = i64::try_from(rows.len()).unwrap_or_default() < STRIDE;
        for row in rows {
            seen += 1;
            let here = standing(*by, &row);
            if !found_before(&row, &prefixes, phase) && passes(tx, &query.filter, &row)? {
                found.push(row);
            }
            place = Some(here.clone());
            if found.len() == limit || seen >= WINDOW {
                return Ok((found, Some(Place::of(here, phase, false))));
            }
        }
        if last_page {
            (phase, place) = (phase + 1, None);
        }
    }
    Ok((found, None))
}

/// What is searched for in the address, the name and the external id.
fn prefixes(text: &str) -> [String; 3] {
    let text = text.trim();
    [text.to_lowercase(), fold(text), text.to_owned()]
}

fn standing(by: UserSearch, row: &UserRow) -> UserPlace {
    let key = match by {
        UserSearch::Email => row.email_key.clone(),
        UserSearch::Name => row.name_key.clone(),
        UserSearch::ExternalId => row.external_id.clone().unwrap_or_default(),
    };
    UserPlace { key, id: row.id.as_str().to_owned() }
}

fn found_before(row: &UserRow, prefixes: &[String; 3], phase: usize) -> bool {
    (phase > 0 && row.email_key.starts_with(prefixes[0].as_str()))
        || (phase > 1 && row.name_key.starts_with(prefixes[1].as_str()))
}

fn passes(tx: &mut Tx, filter: &Filter, row: &UserRow) -> Result<bool, store::Error> {
    Ok(match filter {
        Filter::All => true,
        Filter::Blocked => row.blocked,
        Filter::Unverified => !row.email_verified,
        Filter::NeverSignedIn => row.last_sign_in_at.is_none(),
        Filter::Connection(id) => {
            tx.list_identities_of(&row.id)?.iter().any(|identity| identity.connection == *id)
        }
    })
}
