//! Jobs, employers, pay, pensions and the income that the tax registry shows.

use base::{Cents, Date, FiscalCode, Sex, age_on};

use crate::{
    dates::{birthday_in, day_between, days_before, days_within, end_of_year},
    economy::{Economy, own_firm},
    margins::{AT_WORK, HAD_EARLIER_JOB, JOB_KINDS, LOST_A_JOB, PAY, PENSION, STUDENT_AT_WORK, WITH_PENSION, by_age},
    model::{Employer, Household, Job, JobEnd, JobKind, Person, YearIncome},
    world::Draft,
};

/// From this age a person without a job is looked for in the pensions table, not among those who lost a job.
const PENSION_AGE: i16 = 67;
/// Complete tax years shown: the ISEE of last year rests on the income of three years ago.
pub(crate) const TAX_YEARS: [i16; 3] = [3, 2, 1];

/// Adds the jobs of every adult, and their employers.
pub(crate) fn add_jobs(draft: &mut Draft, economy: &Economy) {
    for index in 0..draft.household.members.len() {
        let person = draft.household.members[index].person.clone();
        let age = age_on(person.born, draft.today);
        if age < 18 {
            continue;
        }
        let employer_number = draft.first_person + index as u64;
        if draft.rng.happens(at_work_per_mille(draft, &person, age)) {
            add_present_job(draft, economy, &person, employer_number);
        } else if age < PENSION_AGE && draft.rng.happens(LOST_A_JOB) {
            add_lost_job(draft, economy, &person);
        }
    }
}

fn at_work_per_mille(draft: &Draft, person: &Person, age: i16) -> u32 {
    if draft.household.studies.iter().any(|study| study.person == person.fiscal_code) {
        return STUDENT_AT_WORK;
    }
    let (women, men) = by_age(&AT_WORK.iter().map(|row| (row.0, (row.1, row.2))).collect::<Vec<_>>(), age);
    if person.sex == Sex::F { women } else { men }
}

fn add_present_job(draft: &mut Draft, economy: &Economy, person: &Person, number: u64) {
    let kind = draft.rng.pick(JOB_KINDS);
    let longest = if kind == JobKind::FixedTerm { 500 } else { 20 * 365 };
    let from = job_start(draft, person, days_before(draft.today, longest), days_before(draft.today, 1));
    let ends = draft.rng.between(10, 400);
    let to = (kind == JobKind::FixedTerm).then(|| days_before(draft.today, -ends));
    let employer = match kind {
        JobKind::SelfEmployed => own_firm(&mut draft.rng, number, &person.name.surname),
        _ => economy.employer_of_a_worker(&mut draft.rng),
    };
    add_earlier_job(draft, economy, person, from);
    push_job(draft, person, employer, kind, (from, to));
}

/// Few people's first job is the present one; without the earlier one their past income would be nothing.
fn add_earlier_job(draft: &mut Draft, economy: &Economy, person: &Person, until: Date) {
    let pause = draft.rng.between(1, 90);
    let to = days_before(until, pause);
    let from = job_start(draft, person, days_before(to, 3_000), days_before(to, 100));
    if from < to && draft.rng.happens(HAD_EARLIER_JOB) {
        let employer = economy.employer_of_a_worker(&mut draft.rng);
        push_job(draft, person, employer, JobKind::Permanent, (from, Some(to)));
    }
}

fn add_lost_job(draft: &mut Draft, economy: &Economy, person: &Person) {
    let days_ago = draft.rng.between(1, 730);
    let to = days_before(draft.today, days_ago);
    let from = job_start(draft, person, days_before(to, 1_800), days_before(to, 20));
    let employer = economy.employer_of_a_worker(&mut draft.rng);
    let kind = if draft.rng.happens(700) { JobKind::FixedTerm } else { JobKind::Permanent };
    // Somebody who turned 18 after the drawn day never had that job.
    if from < to {
        push_job(draft, person, employer, kind, (from, Some(to)));
    }
}

/// A first day not before the worker's eighteenth birthday.
fn job_start(draft: &mut Draft, person: &Person, earliest: Date, latest: Date) -> Date {
    let of_age = birthday_in(person.born, person.born.year() + 18);
    day_between(&mut draft.rng, earliest.max(of_age), latest.max(of_age))
}

fn push_job(draft: &mut Draft, person: &Person, employer: Employer, kind: JobKind, (from, to): (Date, Option<Date>)) {
    let (low, high) = draft.rng.pick(PAY);
    let yearly_pay = Cents(draft.rng.between(low, high) * 100);
    let worker = person.fiscal_code.clone();
    let ended_because = to.filter(|last_day| *last_day <= draft.today).and_then(|_| usual_end(kind));
    let number = employer.vat.clone();
    draft.household.jobs.push(Job { worker, employer: number, kind, from, to, yearly_pay, ended_because });
    if draft.household.employers.iter().all(|known| known.vat != employer.vat) {
        draft.household.employers.push(employer);
    }
}

/// A term runs out, a permanent job ends by dismissal; nobody reports the end of a job of one's own.
pub(crate) fn usual_end(kind: JobKind) -> Option<JobEnd> {
    match kind {
        JobKind::Permanent => Some(JobEnd::Dismissal),
        JobKind::FixedTerm => Some(JobEnd::EndOfTerm),
        JobKind::SelfEmployed => None,
    }
}

/// Adds the income of the last complete tax years: pay by days worked, and pensions.
pub(crate) fn add_incomes(draft: &mut Draft) {
    for index in 0..draft.household.members.len() {
        let person = draft.household.members[index].person.clone();
        let pension = pension(draft, age_on(person.born, draft.today));
        for years_ago in TAX_YEARS {
            let year = draft.today.year() - years_ago;
            let pensioner = age_on(person.born, end_of_year(year)) >= PENSION_AGE;
            let amount =
                work_income(&draft.household, &person.fiscal_code, year) + Cents(if pensioner { pension } else { 0 });
            if amount > Cents(0) {
                draft.household.incomes.push(YearIncome { person: person.fiscal_code.clone(), year, amount });
            }
        }
    }
}

/// Cents a year; 0 for who has none.
fn pension(draft: &mut Draft, age: i16) -> i64 {
    if age < PENSION_AGE || !draft.rng.happens(WITH_PENSION) {
        return 0;
    }
    let (low, high) = draft.rng.pick(PENSION);
    draft.rng.between(low, high) * 100
}

/// Gross pay of a person in a year, in proportion to the days of each job.
pub(crate) fn work_income(household: &Household, person: &FiscalCode, year: i16) -> Cents {
    let last_day = end_of_year(year);
    let year_days = i64::from(last_day.days_in_year());
    let own = household.jobs.iter().filter(|job| job.worker == *person);
    own.map(|job| {
        let days = days_within(year, job.from, job.to.unwrap_or(last_day));
        Cents(job.yearly_pay.0 * days / year_days)
    })
    .sum()
}
