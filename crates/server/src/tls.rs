//! TLS from two PEM files, with aws-lc-rs and rustls' safe defaults (TLS 1.2 and 1.3).

use std::path::Path;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Config;
use crate::fail::Fail;

/// The TLS settings; none when no certificate is configured.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn config(config: &Config) -> Result<Option<ServerConfig>, Fail> {
    let (cert, key) = match (&config.tls_cert, &config.tls_key) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (config.path(cert), config.path(key)),
        _ => return Err(Fail::usage("tls_cert and tls_key belong together: set both or neither")),
    };
    let chain: Vec<CertificateDer> = CertificateDer::pem_file_iter(&cert)
        .and_then(Iterator::collect)
        .map_err(|e| Fail::new(format!("{}: {e}", cert.display())))?;
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|e| unreadable(&key, &e))?;
    let tls =
        ServerConfig::builder_with_provider(rustls::crypto::aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|e| Fail::new(e.to_string()))?
            .with_no_client_auth()
            .with_single_cert(chain, private)
            .map_err(|e| Fail::new(format!("{}: {e}", cert.display())))?;
    Ok(Some(tls))
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Fail {
    Fail::new(format!("{}: {error}", path.display()))
}
