//! TLS towards others: whose certificates are trusted, and what was wrong with one in words.
//!
//! TLS 1.2 and 1.3 with the process's crypto provider (aws-lc-rs when none is installed); the
//! authorities of the system and the policy's own. Nothing here can be switched off by a setting.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// The settings of both clients.
///
/// # Errors
/// What is wrong with a text of `trust_ca`.
pub(crate) fn config(trust_ca: &[Vec<u8>]) -> Result<ClientConfig, String> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS: {error}"))?
        .with_root_certificates(roots(trust_ca)?)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn roots(trust_ca: &[Vec<u8>]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    let (known, _unreadable) = roots.add_parsable_certificates(system.certs);
    for (number, pem) in trust_ca.iter().enumerate() {
        let which = || format!("the extra certificate authority number {}", number + 1);
        let list: Vec<CertificateDer> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("{} cannot be read: {error}", which()))?;
        if list.is_empty() {
            return Err(format!("{} holds no certificate in PEM form", which()));
        }
        for certificate in list {
            let added = roots.add(certificate);
            added.map_err(|error| format!("{} cannot be used: {error}", which()))?;
        }
    }
    if known == 0 {
        tracing::warn!("this machine has no certificate authorities: install ca-certificates");
    }
    Ok(roots)
}

/// What went wrong, for an admin: what it is, and what helps.
pub(crate) fn words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(problem) => certificate_words(problem),
        Error::InvalidMessage(_) => "it does not speak TLS on this port; check the port".to_owned(),
        Error::PeerIncompatible(_) | Error::AlertReceived(_) => {
            format!("it and we found no common terms ({error}); TLS 1.2 or newer is needed")
        }
        other => format!("the handshake failed ({other})"),
    }
}

fn certificate_words(problem: &CertificateError) -> String {
    let text = match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired; it must be renewed there"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet; check the clocks of both machines"
        }
        CertificateError::UnknownIssuer => {
            "its certificate comes from an unknown authority; serve the whole chain there, or \
             let the operator trust that authority (--trust-ca FILE)"
        }
        // As when an authority was made anew under its old name.
        CertificateError::BadSignature => {
            "its certificate is not signed by the authority that we know by that name; let the \
             operator trust the present one (--trust-ca FILE)"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name; check the host, or renew it with this name"
        }
        CertificateError::Revoked => "its certificate has been revoked; it must be replaced there",
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "its certificate is that of an authority itself; it needs one of its own, signed by it"
        }
        other => return format!("its certificate is not acceptable ({other})"),
    };
    text.to_owned()
}
