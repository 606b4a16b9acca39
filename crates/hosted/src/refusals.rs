//! Why a form was not accepted: something to correct on it, or a fault that is answered with a page
//! of its own. Errors of `directory` are turned here, in one match.

use actix_web::http::StatusCode;
use protocol::catalogue;
use web::Fault;
use web::views::Problems;

/// Why a form was not accepted.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It is shown again with these.
    Form(Problems),
    /// It is over.
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Refusal {
        Refusal::Fault(fault)
    }
}

impl From<vault::Busy> for Refusal {
    fn from(_: vault::Busy) -> Refusal {
        Refusal::Fault(Fault::busy())
    }
}

impl From<directory::Error> for Refusal {
    fn from(error: directory::Error) -> Refusal {
        use directory::Error;
        Refusal::Fault(match error {
            Error::Form(fields) => {
                let mut problems = Problems::none();
                for field in fields {
                    problems.add(&field.field, field.message);
                }
                return Refusal::Form(problems);
            }
            // A link that was good once is gone; one that never was is not there.
            Error::Link(code) if code == catalogue::LINK_UNKNOWN => {
                Fault::new(StatusCode::NOT_FOUND, code)
            }
            Error::Link(code) => Fault::new(StatusCode::GONE, code),
            Error::SetupClosed => Fault::new(StatusCode::GONE, catalogue::SETUP_CLOSED),
            Error::NotFound(_) => Fault::not_found(),
            Error::Forbidden(_) => Fault::new(StatusCode::FORBIDDEN, catalogue::FORBIDDEN),
            Error::Stale { .. } => Fault::new(StatusCode::CONFLICT, catalogue::CONFLICT),
            Error::Store(error) => error.into(),
        })
    }
}

/// The fault of an error where there is no form to correct.
pub(crate) fn fault(error: directory::Error) -> Fault {
    over(error.into())
}

/// The same for a refusal.
pub(crate) fn over(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Form(_) => Fault::bad_request(catalogue::FORM_INVALID),
        Refusal::Fault(fault) => fault,
    }
}
