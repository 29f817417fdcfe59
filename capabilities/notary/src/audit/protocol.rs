use std::collections::{BTreeMap, BTreeSet};

use database::{Error, Result, Tx};
use protocol::entries;

use super::{Findings, book::Registered};

/// The registers that acts speak of must be without holes, and have every number that an act uses, for its case
/// (art. 53 D.P.R. 445/2000).
pub(super) async fn check(tx: &mut Tx, registered: &[Registered], findings: &mut Findings) -> Result<()> {
    let registers: BTreeSet<_> = registered.iter().map(|r| (r.protocol.office.as_str(), r.protocol.year)).collect();
    for (office, year) in registers {
        let register = [("office", office.to_owned()), ("year", year.to_string())];
        let entries = match entries(tx, office, year).await {
            Err(Error::Column(_, why)) => {
                findings.note("notary.audit.protocol_unreadable", &[register.as_slice(), &[("why", why)]].concat());
                continue;
            }
            entries => entries?,
        };
        let numbers: BTreeMap<_, _> =
            entries.iter().map(|entry| (entry.protocol.number, entry.act.map(|(case, _)| case))).collect();
        check_holes(&register, numbers.keys(), findings);
        let of_register = |r: &&Registered| r.protocol.office == office && r.protocol.year == year;
        for r in
            registered.iter().filter(of_register).filter(|r| numbers.get(&r.protocol.number) != Some(&Some(r.case)))
        {
            let values = [("number", r.protocol.to_string()), ("position", r.position.to_string())];
            findings.note("notary.audit.protocol_missing", &values);
        }
    }
    Ok(())
}

fn check_holes<'a>(
    register: &[(&'static str, String); 2],
    numbers: impl Iterator<Item = &'a i64>,
    findings: &mut Findings,
) {
    let mut before = 0;
    for number in numbers {
        if *number != before + 1 {
            let hole = [("before", before.to_string()), ("after", number.to_string())];
            findings.note("notary.audit.protocol_gap", &[register.as_slice(), &hole].concat());
        }
        before = *number;
    }
}
