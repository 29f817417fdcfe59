//! All the SQL of this room. The database handle goes no further.

mod changes;
mod days;
mod emergencies;
mod entries;
mod list;
mod numbers;

pub use changes::{annul, annulments_of_case, change, changes, changes_of_day, conceal};
pub use days::{
    Stretch, any_file, day_bytes, files_after, files_before, first_day, keep_day, last_file, of_day, of_stretch,
    offices, people_of_part,
};
pub use emergencies::{authorise_emergency, emergencies, end_emergency, find_emergency, of_emergency, open_emergency};
pub use entries::{entries, find, of_case, register, register_all};
pub use list::{Filter, list};
pub use numbers::{close_until, next_number, next_numbers};
