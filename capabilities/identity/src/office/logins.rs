//! Who tried an official's account, right or wrong, one by one (ASVS 5.0, 16.3.1): the official sees it, and who runs the office.

use base::{Timestamp, new_id};
use database::Tx;
use web::{
    Page, Visit,
    components::{Cell, Table, Tone},
};

use crate::{
    Identity,
    address::Address,
    store::staff_logins::{self, Tried},
};

/// So many are shown.
const SHOWN: i64 = 20;

/// One try of an official's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLogin {
    /// When.
    pub at: Timestamp,
    /// What was shown: `password`, or the proofs with which somebody came in, separated by blanks.
    pub how: String,
    /// Whether it opened.
    pub came_in: bool,
    /// Digest of where it came from.
    pub(crate) address: String,
}

/// How an official's account was tried lately, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn logins_of(tx: &mut Tx, staff: &str) -> database::Result<Vec<StaffLogin>> {
    staff_logins::latest(tx, staff, SHOWN).await
}

/// Writes a try down.
pub(super) async fn note(
    tx: &mut Tx,
    (identity, visit): (&Identity, &Visit),
    staff: &str,
    (how, came_in): (&str, bool),
) -> database::Result<()> {
    let address = Address::of_visit(visit).digest(&identity.0.address_secret);
    let id = new_id(visit.web.clock(), visit.web.chance());
    staff_logins::put(tx, &Tried { id, staff, at: visit.now, how, came_in, address: &address }).await
}

/// For who is asked to look whether it was all theirs.
pub(super) fn table(identity: &Identity, visit: &Visit, page: &Page, logins: &[StaffLogin]) -> Table {
    let here = Address::of_visit(visit).digest(&identity.0.address_secret);
    let head = ["when", "how", "outcome", "from"].map(|key| page.t(&format!("identity.logins.{key}")).to_owned());
    let row = |login: &StaffLogin| {
        let from = if login.address == here { "identity.logins.here" } else { "identity.logins.elsewhere" };
        vec![Cell::text(page.moment(&login.at)), told(page, &login.how), outcome(page, login), Cell::text(page.t(from))]
    };
    let caption = page.t("identity.logins.caption").to_owned();
    Table { caption, head: head.to_vec(), rows: logins.iter().map(row).collect() }
}

fn told(page: &Page, how: &str) -> Cell {
    let proofs = how.split(' ').map(|proof| page.t(&format!("identity.logins.proof.{proof}")).to_owned());
    Cell::text(proofs.collect::<Vec<_>>().join(", "))
}

fn outcome(page: &Page, login: &StaffLogin) -> Cell {
    let (tone, key) = match login.came_in {
        true => (Tone::Success, "identity.logins.came_in"),
        false => (Tone::Danger, "identity.logins.refused"),
    };
    Cell::badge(tone, page.t(key))
}
