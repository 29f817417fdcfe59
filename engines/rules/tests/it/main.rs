//! The engine on real law, on wrong law, and on anything at all.

mod assegno_unico;
mod diagnostics;
mod laws;
mod outcomes;
mod properties;
