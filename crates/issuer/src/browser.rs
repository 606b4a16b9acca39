//! What a browser brought along, as far as a use case may see it.

/// A browser's request.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// The browser's own random id. It ties flows to the browser and proves nothing else.
    pub bid: String,
    /// Session tokens of its cookie, newest sign-in first; at most five.
    pub tokens: Vec<String>,
    /// Proofs that people signed in from this browser before; at most five.
    pub known: Vec<String>,
    /// The request's id.
    pub request: String,
    /// The address it comes from.
    pub ip: String,
    /// The browser's own name for itself.
    pub user_agent: String,
}

impl Browser {
    /// Hashes of its session tokens.
    pub(crate) fn token_hashes(&self) -> Vec<[u8; 32]> {
        self.tokens.iter().take(5).map(|t| vault::session_token_hash(t)).collect()
    }
}
