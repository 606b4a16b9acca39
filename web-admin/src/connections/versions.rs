//! Versions of a mapping: who saved what when, and the way back.

use actix_web::HttpResponse;
use directory::mappings;
use directory::{Action, Error};
use store::Timestamp;
use web::{Fault, QueryParams};

use super::mapping::changes;
use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::mapping::{MappingVersion, MappingVersions, VersionLine};
use crate::views::{Pager, Problems, Twin};
use crate::visit::{Posted, Visit};

/// `GET …/connections/{connection}/mapping/versions`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, after) = (visit.segment("connection"), query.0.get("after").map(str::to_owned));
    visit.tenant(move |desk| show_list(desk, &id, after.as_deref())).await
}

fn show_list(desk: &InTenant, id: &str, after: Option<&str>) -> Outcome {
    let shown = find(desk, id)?;
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let page = mappings::versions(ctx, actor, tenant, id, after, None)?;
    let head = head(desk, &shown.row, "mapping");
    let path = format!("{}/mapping/versions", head.url);
    let line = |version: &mappings::Version| VersionLine {
        version: version.version,
        url: format!("{path}/{}", version.version),
        author: version.author.clone(),
        when: desk.when(Timestamp(version.created_at)),
        changed: changed(version),
        current: version.version == shown.row.mapping_version,
    };
    desk.show(&MappingVersions {
        shell: desk.shell(HERE)?,
        rows: page.items.iter().map(line).collect(),
        pager: Pager::new(&path, "", after, page.next.as_deref()),
        twin: twin(desk, "versions", &shown.row.code, ""),
        head,
    })
}

fn changed(version: &mappings::Version) -> String {
    if version.version == 1 {
        return "The first mapping".to_owned();
    }
    let fields: Vec<&str> = version.changes.iter().map(|c| c.target.as_str()).take(6).collect();
    fields.join(", ")
}

fn twin(desk: &InTenant, verb: &str, code: &str, rest: &str) -> Twin {
    let command = commands::mapping(&desk.tenant.slug, verb, code, rest);
    Twin { text: "Does the same.", command }
}

/// `GET …/connections/{connection}/mapping/versions/{version}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, number) = (visit.segment("connection"), visit.segment("version"));
    visit
        .tenant(move |desk| desk.show(&page(desk, &id, read(&number)?, Problems::default())?))
        .await
}

fn read(number: &str) -> Result<i64, Stop> {
    number.parse().map_err(|_| Stop::Fault(Fault::not_found()))
}

fn page(
    desk: &InTenant,
    id: &str,
    version: i64,
    problems: Problems,
) -> Result<MappingVersion, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let shown = mappings::show(ctx, actor, tenant, id)?;
    let mapping = mappings::version(ctx, actor, tenant, id, version)?;
    let row = &shown.connection;
    let rest = format!(" --version {version}");
    Ok(MappingVersion {
        shell: desk.shell(HERE)?,
        head: head(desk, row, "mapping"),
        version,
        current: row.mapping_version,
        changes: changes(&mapping::difference(&shown.mapping, &mapping)),
        json: format!("{:#}", mapping.to_value()),
        may: desk.may(Action::ConnectionUpdate),
        twin: twin(desk, "rollback", &row.code, &rest),
        problems,
    })
}

/// `POST …/connections/{connection}/mapping/versions/{version}`: back to it.
pub(crate) async fn roll_back(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, number) = (posted.visit.segment("connection"), posted.visit.segment("version"));
    posted.tenant(move |desk, _| go_back(desk, &id, &number)).await
}

fn go_back(desk: &InTenant, id: &str, number: &str) -> Outcome {
    let version = read(number)?;
    match mappings::roll_back(desk.ctx, &desk.actor, &desk.tenant.id, id, version) {
        Ok(row) => {
            let text =
                format!("Version {} has the rules of version {version}.", row.mapping_version);
            desk.done(&desk.url(&format!("{HERE}/{}/mapping", row.id)), text)
        }
        Err(Error::Form(errors)) => {
            desk.again(&page(desk, id, version, Problems::of_errors(&errors))?)
        }
        Err(other) => Err(other.into()),
    }
}
