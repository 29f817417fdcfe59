//! The assegno unico of March 2026 written by hand over the same columns: what a programmer would write for this one
//! law and nothing else. No NULL but those that the households have, no reasons, no other month.

use std::{fs, path::Path};

use anyhow::Context;
use rules::columns::{NO_DAY, NO_NUMBER, YES};

use crate::{
    households::{Households, TODAY},
    law::FOLDER,
};

const HIGHEST_ISEE: i64 = 4_658_271;
/// The last day on which an ISEE brings arrears from March 2026, which is 121 days before.
const LAST_DAY: i32 = TODAY + 121;
const LEAST_STEP: i64 = 10_000;

/// Days of birth after which a child is younger than so many years.
fn birthday(years: i32) -> i32 {
    // On the first of March a birthday of the first of March has come; 29 February too.
    let year = 2026 - years;
    let leaps = |year: i32| year / 4 - year / 100 + year / 400;
    TODAY - 365 * years - (leaps(2026) - leaps(year))
}

pub struct Law {
    bounds: Vec<i64>,
    /// minore, maggiorenne, terzo, entrambi: cents.
    rows: Vec<[i32; 4]>,
}

struct Child {
    due: bool,
    minor: bool,
    disabled: bool,
    young: bool,
}

impl Law {
    /// The brackets of 2026.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(root.join(FOLDER).join("tabelle/importi.csv"))?;
        let cents = |text: &str| -> anyhow::Result<i64> {
            let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
            Ok(whole.parse::<i64>()? * 100 + format!("{rest:0<2}").parse::<i64>()?)
        };
        let (mut bounds, mut rows) = (Vec::new(), Vec::new());
        for line in text.lines().filter(|line| line.starts_with("2026-01-01,")) {
            let fields: Vec<&str> = line.split(',').collect();
            let [_, _, _, up_to, amounts @ ..] = &fields[..] else { anyhow::bail!("{line}") };
            if !up_to.is_empty() {
                bounds.push(cents(up_to)?);
            }
            let amounts = amounts.iter().map(|amount| Ok(i32::try_from(cents(amount)?)?));
            let amounts: Vec<i32> = amounts.collect::<anyhow::Result<_>>()?;
            rows.push(<[i32; 4]>::try_from(amounts).ok().context("four amounts in a row")?);
        }
        bounds.push(i64::MAX);
        Ok(Self { bounds, rows })
    }

    fn row(&self, isee: i64) -> &[i32; 4] {
        // Steps are a little over a hundred euro: the place is guessed and mended.
        let first = self.bounds[0];
        let guess = ((isee - first).max(0) / (LEAST_STEP * 117 / 100)).min(self.rows.len() as i64 - 1);
        let mut place = guess as usize;
        while self.bounds[place] < isee {
            place += 1;
        }
        while place > 0 && self.bounds[place - 1] >= isee {
            place -= 1;
        }
        &self.rows[place]
    }

    /// Cents a month for each household; `None` where it cannot be said.
    pub fn amounts(&self, all: &Households) -> Vec<Option<i64>> {
        let adult = birthday(18);
        let days = [birthday(1), birthday(3), adult, birthday(21)];
        let mother_young = birthday(21);
        (0..all.isee.len()).map(|place| self.amount(all, place, days, mother_young)).collect()
    }

    fn amount(&self, all: &Households, place: usize, days: [i32; 4], mother_young: i32) -> Option<i64> {
        let children = all.offsets[place] as usize..all.offsets[place + 1] as usize;
        let isee = all.isee[place];
        let presented = all.presented[place];
        let counts = isee != NO_NUMBER && (presented == NO_DAY || presented <= LAST_DAY);
        let useful = if counts { isee } else { HIGHEST_ISEE };
        let row = self.row(useful);
        let due_children = children.clone().filter(|child| self.child(all, *child, days).due).count() as i64;
        let entitled = all.citizenship[place] == YES && all.tax[place] == YES && all.residence[place] == YES;
        if !entitled || due_children == 0 {
            return Some(0);
        }
        let young_mother = all.mother_born[place] != NO_DAY && all.mother_born[place] > mother_young;
        let both = all.both_work[place] == YES || all.widowed[place] == YES;
        let within = counts && isee <= HIGHEST_ISEE;
        let mut total = (due_children - 2).max(0) * i64::from(row[2]);
        if due_children >= 4 {
            total += 15_000;
        }
        for child in children {
            let Child { due, minor, disabled, young } = self.child(all, child, days);
            if !due {
                continue;
            }
            let born = all.born[child];
            let share = i64::from(if minor || disabled { row[0] } else { 0 });
            total += share;
            if !minor && !disabled {
                total += i64::from(row[1]);
            }
            if disabled && (minor || young) {
                total += [0, 9_910, 11_060, 12_230][all.disability[child] as usize];
            }
            if young_mother {
                total += 2_330;
            }
            if minor && both {
                total += i64::from(row[3]);
            }
            // Shares are whole tens of cents: half of one is exact.
            let first_year = born > days[0] && born <= TODAY;
            let next_years = born <= days[0] && born > days[1] && due_children >= 3 && within;
            if first_year || next_years {
                total += share / 2;
            }
        }
        Some(match all.share[place] {
            0 => total,
            1 => total / 2,
            _ => total - total / 2,
        })
    }

    #[inline]
    fn child(&self, all: &Households, child: usize, [_, _, adult, grown]: [i32; 4]) -> Child {
        let born = all.born[child];
        let minor = born > adult && born <= TODAY;
        let young = born <= adult && born > grown;
        let disabled = all.disability[child] != 0;
        let income = all.income[child];
        let works = income != NO_NUMBER && income > 0 && income < 800_000;
        let studies = all.studies[child] == YES || all.civil_service[child] == YES || all.seeks_work[child] == YES;
        let due = all.dependent[child] == YES && (minor || disabled || (young && (studies || works)));
        Child { due, minor, disabled, young }
    }
}
