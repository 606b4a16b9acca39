//! A form with a file, sent from our own page: everything else is as with any other form.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use protocol::Params;
use web::{Fault, FileForm, SentFile};

use super::{Posted, Visit};
use crate::desk::{InTenant, Outcome};

/// A form with a file.
pub(crate) struct PostedFile {
    posted: Posted,
    file: SentFile,
}

impl FromRequest for PostedFile {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<PostedFile, Fault>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(req, payload);
        let sent = FileForm::from_request(req, payload);
        Box::pin(async move {
            let (visit, FileForm { params, files }) = (visit.await?, sent.await?);
            Ok(PostedFile { posted: Posted::new(visit, params)?, file: files.into_one() })
        })
    }
}

impl PostedFile {
    /// Answers a form of the tenant in the path.
    pub(crate) async fn tenant(
        self,
        use_case: impl FnOnce(&InTenant, &Params, &SentFile) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, Fault> {
        let file = self.file;
        self.posted.tenant(move |desk, form| use_case(desk, form, &file)).await
    }
}
