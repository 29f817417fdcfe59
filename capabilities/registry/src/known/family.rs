use base::{Date, FiscalCode, age_on};
use population::{
    Account, Bereavement, Disability, Employer, IseeAttestation, Job, ParentalRole, Relation, Study, YearIncome,
};
use rules::Moment;

use crate::entry::{Content, Entry, Resident};

/// A household seen from one of its members, on a day.
pub(crate) struct Family<'a> {
    pub me: &'a Resident,
    pub residents: &'a [Resident],
    pub entries: &'a [Entry],
    pub moment: Moment,
}

/// Something that a registry holds, with the day on which it was recorded.
pub(crate) struct Recorded<T> {
    pub what: T,
    pub on: Date,
}

/// `fn jobs(&self) -> …`: the entries of one kind, oldest first.
macro_rules! entries {
    ($($name:ident: $pattern:pat => $content:expr, $kind:ty;)*) => {$(
        pub fn $name(&self) -> impl Iterator<Item = Recorded<$kind>> {
            self.entries.iter().filter_map(|entry| match &entry.content {
                $pattern => Some(Recorded { what: $content, on: entry.recorded_on }),
                _ => None,
            })
        }
    )*};
}

impl<'a> Family<'a> {
    entries! {
        attestations: Content::Isee(isee) => isee, &'a IseeAttestation;
        jobs: Content::Job { job, employer } => (job, employer.as_ref()), (&'a Job, Option<&'a Employer>);
        disabilities: Content::Disability(disability) => disability, &'a Disability;
        studies: Content::Study(study) => study, &'a Study;
        incomes: Content::Income(income) => income, &'a YearIncome;
        accounts: Content::Account(account) => account, &'a Account;
        bereavements: Content::Bereavement(loss) => loss, &'a Bereavement;
    }

    /// The children of `me` who live here, from the eldest.
    pub fn children(&self) -> impl Iterator<Item = &'a Resident> {
        let residents = self.me.person.parent.map_or(&[][..], |_| self.residents);
        residents.iter().filter(|resident| resident.relation == Relation::Child)
    }

    /// Who are, or would be, the parents: those recorded as such, else the couple of the family sheet, whose first
    /// child the register may not know yet. Empty when `me` is not one of them.
    pub fn parents(&self) -> Vec<&'a Resident> {
        let recorded: Vec<_> = self.residents.iter().filter(|resident| resident.person.parent.is_some()).collect();
        let couple = |resident: &&Resident| !matches!(resident.relation, Relation::Child | Relation::Other);
        let parents = if recorded.is_empty() { self.residents.iter().filter(couple).collect() } else { recorded };
        if parents.contains(&self.me) { parents } else { Vec::new() }
    }

    /// The mother of the children, if she lives here.
    pub fn mother(&self) -> Option<&'a Resident> {
        self.residents.iter().find(|resident| resident.person.parent == Some(ParentalRole::Mother))
    }

    /// The attestation that counts: the last one issued among those valid on the day.
    pub fn isee(&self) -> Option<Recorded<&'a IseeAttestation>> {
        let valid =
            |isee: &Recorded<&IseeAttestation>| isee.on <= self.moment.on && self.moment.on <= isee.what.valid_to;
        self.attestations().filter(valid).last()
    }

    /// The job that a person has on the day.
    pub fn job_of(&self, code: &FiscalCode) -> Option<Recorded<&'a Job>> {
        let mut jobs = self.jobs().map(|one| Recorded { what: one.what.0, on: one.on });
        jobs.find(|job| job.what.worker == *code && job.what.runs_on(self.moment.on))
    }

    /// The last known income of a person.
    pub fn income_of(&self, code: &FiscalCode) -> Option<Recorded<&'a YearIncome>> {
        self.incomes().filter(|income| income.what.person == *code).max_by_key(|income| income.what.year)
    }

    /// The certified disability of a person on the day.
    pub fn disability_of(&self, code: &FiscalCode) -> Option<Recorded<&'a Disability>> {
        self.disabilities().filter(|one| one.what.person == *code && one.what.since <= self.moment.on).last()
    }

    /// The enrolment of a person that runs on the day.
    pub fn study_of(&self, code: &FiscalCode) -> Option<Recorded<&'a Study>> {
        let runs = |study: &Study| study.from <= self.moment.on && self.moment.on <= study.to;
        self.studies().find(|study| study.what.person == *code && runs(study.what))
    }

    /// Completed years on the day.
    pub fn age_of(&self, resident: &Resident) -> i16 {
        age_on(resident.person.born, self.moment.on)
    }
}
