//! The engine on real law, on wrong law, and on anything at all.

mod assegno_unico;
mod columns;
mod columns_allocations;
mod columns_batches;
mod columns_programs;
mod columns_services;
mod comparison;
mod decision_tables;
mod diagnostics;
mod guide;
mod laws;
mod mutations;
mod near_misses;
mod outcomes;
mod properties;
mod specification;
