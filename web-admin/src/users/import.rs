//! Importing users: a file or pasted text goes up, is judged whole, and becomes a job that looks at
//! each row before anybody starts it.

use actix_web::HttpResponse;
use directory::Error;
use directory::batches::import::{self, Upload};
use directory::batches::{Format, IfExists};
use protocol::Params;
use web::{Fault, SentFile};

use super::HERE;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::Problems;
use crate::views::jobs::Import;
use crate::visit::{PostedFile, Visit};

/// `GET …/users/import`.
pub(crate) async fn ask(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.tenant(|desk| desk.show(&page(desk, String::new(), IfExists::Skip)?)).await
}

/// `POST …/users/import`.
pub(crate) async fn submit(posted: PostedFile) -> Result<HttpResponse, Fault> {
    posted.tenant(upload).await
}

fn upload(desk: &InTenant, form: &Params, file: &SentFile) -> Outcome {
    let text = form.get("text").unwrap_or_default();
    let pasted = file.bytes.is_empty();
    let policy = form.get("if_exists").and_then(IfExists::parse).unwrap_or_default();
    let again = |problems| desk.again(&Import { problems, ..page(desk, text.to_owned(), policy)? });
    if pasted && text.trim().is_empty() {
        let mut problems = Problems::default();
        problems.add("file", "Choose a file, or paste the rows.");
        return again(problems);
    }
    let upload = Upload {
        file: if pasted { "" } else { &file.name },
        bytes: if pasted { text.as_bytes() } else { &file.bytes },
        format: form.get("format").and_then(Format::parse),
        if_exists: policy,
    };
    match import::upload(desk.ctx, &desk.actor, &desk.tenant.id, &upload) {
        Ok(row) => desk.go(desk.url(&format!("/jobs/{}", row.id))),
        Err(Error::Form(errors)) => again(Problems::of_errors(&errors)),
        Err(other) => Err(other.into()),
    }
}

fn page(desk: &InTenant, text: String, policy: IfExists) -> Result<Import, Stop> {
    let schema = super::schema(desk)?;
    let known = schema.fields().map(|field| field.key.clone());
    let extra = ["external_id", "email_verified", "password_hash"].map(str::to_owned);
    Ok(Import {
        shell: desk.shell(HERE)?,
        path: desk.url(&format!("{HERE}/import")),
        list: desk.url(HERE),
        text,
        update: policy == IfExists::Update,
        columns: known.chain(extra).collect(),
        command: format!(
            "tessera user import --tenant {} --file users.csv --dry-run",
            desk.tenant.slug
        ),
        problems: Problems::default(),
    })
}
