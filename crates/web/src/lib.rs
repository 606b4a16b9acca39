//! placeholder

pub mod assets;
pub mod views;
