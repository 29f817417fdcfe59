use std::collections::{BTreeMap, BTreeSet};

use base::Translated;

use crate::Officer;

/// What the program asks whether an official may do it. `content/roles.toml` says who may; what nobody is allowed there,
/// nobody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// See the office's cases, and decide them.
    HandleCases,
    /// Give cases to colleagues, and see who holds which.
    AssignCases,
    /// Confirm that many cases are granted together.
    DecideTogether,
    /// Take lists of cases with people's names out of the program, and see which were.
    ExportNames,
    /// Conclude in place of an office that is late (art. 2 c. 9-ter L. 241/1990), and see what is late.
    ConcludeInPlace,
    /// Annul entries of the register of protocol, see its confidential ones, keep the emergency register, take out daily
    /// registers.
    RunRegister,
    /// Approve the destruction of what was kept long enough, as who answers for the office.
    DestroyForOffice,
    /// Approve it as who answers for the archive (art. 61 D.P.R. 445/2000).
    DestroyForArchive,
    /// Help somebody with a form, so far as they share it.
    HelpPeople,
    /// File applications for people who stand at the counter.
    ServeAtCounter,
    /// Say who is away and who does their work, see the office's accounts, close one.
    ManageStaff,
    /// Look at a case of another office in an emergency.
    OpenInEmergency,
    /// Say of emergencies of others whether they were.
    ReviewEmergencies,
    /// Compute what laws cost and what a reform would change.
    Simulate,
}

base::keyed!(pub Power {
    HandleCases => "handle-cases",
    AssignCases => "assign-cases",
    DecideTogether => "decide-together",
    ExportNames => "export-names",
    ConcludeInPlace => "conclude-in-place",
    RunRegister => "run-register",
    DestroyForOffice => "destroy-for-office",
    DestroyForArchive => "destroy-for-archive",
    HelpPeople => "help-people",
    ServeAtCounter => "serve-at-counter",
    ManageStaff => "manage-staff",
    OpenInEmergency => "open-in-emergency",
    ReviewEmergencies => "review-emergencies",
    Simulate => "simulate",
});

/// Some powers for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub powers: BTreeSet<Power>,
    /// What for, in words.
    pub purpose: Translated,
    /// In which offices; in each, when there are none. Always in the official's own alone.
    pub offices: BTreeSet<String>,
}

/// A task that an official can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// As people call it.
    pub name: Translated,
    /// What comes with it.
    pub grants: Vec<Grant>,
}

/// Who may do what in the offices, and what for: a table, by the identifier of the role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Roles by identifier, as accounts name them: `head`.
    pub roles: BTreeMap<String, Role>,
}

impl Policy {
    /// Whether an official may do something in the own office.
    #[must_use]
    pub fn allows(&self, officer: &Officer, power: Power) -> bool {
        self.grants(officer).any(|(_, grant)| grant.powers.contains(&power))
    }

    /// What an official may do in the own office: by which role, and what for.
    pub fn grants<'p>(&'p self, officer: &'p Officer) -> impl Iterator<Item = (&'p Role, &'p Grant)> {
        let here = |grant: &&Grant| grant.offices.is_empty() || grant.offices.contains(&officer.office);
        let roles = officer.roles.iter().filter_map(|id| self.roles.get(id));
        roles.flat_map(move |role| role.grants.iter().filter(here).map(move |grant| (role, grant)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn officer(office: &str, roles: &[&str]) -> Officer {
        let roles = roles.iter().map(ToString::to_string).collect();
        let (id, name, office) = ("a".to_owned(), "A".to_owned(), office.to_owned());
        Officer { id, name, office, roles, stands_in: Vec::new(), fiscal_code: None, level: 2 }
    }

    #[test]
    fn nobody_may_what_the_table_does_not_say() {
        let grant = |power, office: Option<&str>| Grant {
            powers: BTreeSet::from([power]),
            purpose: Translated::from("prova"),
            offices: office.map(str::to_owned).into_iter().collect(),
        };
        let role = |grants| Role { name: Translated::from("prova"), grants };
        let policy = Policy {
            roles: BTreeMap::from([
                ("operator".to_owned(), role(vec![grant(Power::HandleCases, None)])),
                ("analyst".to_owned(), role(vec![grant(Power::Simulate, Some("relazioni"))])),
            ]),
        };
        for (office, roles, power, may) in [
            ("famiglia", &["operator"][..], Power::HandleCases, true),
            ("famiglia", &["operator"], Power::AssignCases, false),
            ("famiglia", &["analyst"], Power::Simulate, false),
            ("relazioni", &["analyst"], Power::Simulate, true),
            ("relazioni", &["analyst"], Power::HandleCases, false),
            ("famiglia", &[], Power::HandleCases, false),
            ("famiglia", &["head"], Power::HandleCases, false),
        ] {
            assert_eq!(policy.allows(&officer(office, roles), power), may, "{roles:?} {office} {power:?}");
        }
        assert!(!Policy::default().allows(&officer("famiglia", &["operator"]), Power::HandleCases));
    }
}
