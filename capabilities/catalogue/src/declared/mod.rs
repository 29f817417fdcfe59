//! What officials declare, read into values: one file here for each kind of file there.

mod changes;
mod intermediaries;
mod law_words;
mod letters;
mod life_events;
mod markdown;
mod offices;
mod page;
mod process;
pub(crate) mod reader;
mod retention;
mod roles;
mod service_file;
mod signatures;
mod window;

pub use changes::ChangeNote;
pub(crate) use changes::read_changes;
pub use intermediaries::{Intermediary, IntermediaryKind, read_intermediaries};
pub(crate) use law_words::{LawWordFile, read_law_words};
pub use letters::{Letter, LetterAct, LetterPart};
pub(crate) use letters::{Letters, included, read_letters};
pub use life_events::LifeEvent;
pub(crate) use life_events::read_life_events;
pub use markdown::Section;
pub(crate) use offices::read_offices;
pub use offices::{Office, Patron, Title};
pub use page::{Content, PageTexts};
pub(crate) use page::{file_name, read_content, read_page};
pub use process::{Again, Process, TermSetBy};
pub(crate) use process::{ProcessSites, read_process};
pub use retention::{Horizons, Retention};
pub(crate) use roles::read_roles;
pub use service_file::{Applicant, Declaration, LawReference, Privacy, Simulation, SimulationUnit, Start, State};
pub(crate) use service_file::{DeclarationSites, ServiceFile, read_service_file};
pub use signatures::{Cosigner, InTime, Signatures};
pub use window::{Order, Phase, Window};
