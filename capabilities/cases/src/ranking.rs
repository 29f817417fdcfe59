//! The order of the applications of a window: what the law sorts by, then a lot. When they were sent is nowhere in it.

use std::{fmt, str::FromStr};

use base::Timestamp;
use catalogue::{Order, Service, Window};
use rules::{Facts, Value};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use sha2::{Digest, Sha256};
use web::Failure;

use crate::{payload::Ordering, room::Cases, store};

/// Digits of a datum.
const WIDTH: usize = 19;
/// The datum of who told none: behind everybody who did.
const NOTHING_TOLD: u64 = 9_999_999_999_999_999_999;
/// Amounts count to the ten-thousandth.
const PARTS: i64 = 10_000;
/// Added to amounts, so that negative ones are in order, too.
const SHIFT: i64 = 1_000_000_000_000_000_000;

impl Cases {
    /// By what this application is put in order; `None` where the service has no window.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn ordering(&self, service: &Service, fiscal_code: &str) -> Result<Option<Ordering>, Failure> {
        let Some(window) = &service.process.window else { return Ok(None) };
        let key = self.draw_key(&service.slug, window.opens).await?;
        Ok(Some(ordering(window, &key, fiscal_code)))
    }

    async fn draw_key(&self, service: &str, opens: Timestamp) -> Result<String, Failure> {
        let database = self.web.database();
        if let Some(key) = store::draw_key(&mut database.read().await?, service, opens).await? {
            return Ok(key);
        }
        let fresh = hex::encode(self.web.chance().bytes::<32>());
        let mut tx = database.begin().await?;
        store::keep_draw_key(&mut tx, service, opens, &fresh).await?;
        let kept = store::draw_key(&mut tx, service, opens).await?;
        tx.commit().await?;
        Ok(kept.unwrap_or(fresh))
    }
}

/// The lot depends on the person and on a key that nobody outside knows: asking again draws no other.
fn ordering(window: &Window, key: &str, fiscal_code: &str) -> Ordering {
    let lot = hex::encode(Sha256::digest(format!("{key}\n{fiscal_code}\n{key}")));
    Ordering {
        order: window.order.key().to_owned(),
        datum: window.datum.clone(),
        law: window.law.clone(),
        lot: lot[..16].to_owned(),
    }
}

/// A place in the order of a window: the smaller comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    datum: u64,
    lot: u64,
}

impl Rank {
    /// Behind all that have a place.
    pub const LAST: Self = Self { datum: u64::MAX, lot: u64::MAX };
}

/// As databases and addresses hold it: texts of equal length in the same order as the places, and `~` behind them.
impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::LAST => f.write_str("~"),
            Self { datum, lot } => write!(f, "{datum:0WIDTH$}{lot:016x}"),
        }
    }
}

impl FromStr for Rank {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "~" {
            return Ok(Self::LAST);
        }
        let parts = text.split_at_checked(WIDTH);
        let rank = parts.and_then(|(datum, lot)| {
            Some(Self { datum: datum.parse().ok()?, lot: u64::from_str_radix(lot, 16).ok()? })
        });
        rank.ok_or("no place in an order")
    }
}

/// The place of an application. The answers are those of now, integrations included.
#[must_use]
pub fn rank(ordering: &Ordering, answers: &Facts) -> Rank {
    let value = answers.values.get(&ordering.datum);
    let datum = if ordering.order == Order::EventDate.key() { value.and_then(day) } else { value.and_then(amount) };
    let datum = datum.and_then(|number| u64::try_from(number).ok()).unwrap_or(NOTHING_TOLD);
    Rank { datum, lot: u64::from_str_radix(&ordering.lot, 16).unwrap_or(u64::MAX) }
}

fn amount(value: &Value) -> Option<i64> {
    let parts = value.as_decimal()?.checked_mul(Decimal::from(PARTS))?.round();
    parts.to_i64().map(|parts| parts.clamp(-SHIFT + 1, SHIFT).saturating_add(SHIFT))
}

fn day(value: &Value) -> Option<i64> {
    let day = value.as_date()?;
    Some((i64::from(day.year()) * 100 + i64::from(day.month())) * 100 + i64::from(day.day()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by(order: Order, person: &str) -> Ordering {
        let at = Timestamp::UNIX_EPOCH;
        let window = Window { opens: at, closes: at, order, datum: "isee".to_owned(), law: "art. 1".to_owned() };
        ordering(&window, "key", person)
    }

    fn facts(value: Value) -> Facts {
        let mut facts = Facts::default();
        facts.values.insert("isee".to_owned(), value);
        facts
    }

    proptest! {
        /// Whoever needs more comes first, whatever the lots; equals are told apart by the lot alone.
        #[test]
        fn need_decides_before_the_lot(one in -1_000_000_000i64..1_000_000_000, other in -1_000_000_000i64..1_000_000_000) {
            let (ann, bob) = (by(Order::Need, "ann"), by(Order::Need, "bob"));
            let value = |cents| facts(Value::Dec(Decimal::new(cents, 2)));
            let order = rank(&ann, &value(one)).cmp(&rank(&bob, &value(other)));
            prop_assert_eq!(order, one.cmp(&other).then(ann.lot.cmp(&bob.lot)));
        }
    }

    #[test]
    fn the_earliest_event_comes_first_and_who_says_nothing_last() {
        let ann = by(Order::EventDate, "ann");
        let on = |day: &str| rank(&ann, &facts(Value::Date(day.parse().unwrap())));
        assert!(on("2025-12-31") < on("2026-01-01"));
        assert!(on("9999-12-31") < rank(&ann, &Facts::default()));
    }

    #[test]
    fn every_rank_is_digits_and_letters_of_one_length() {
        for value in [Value::Null, Value::Int(0), Value::Int(i64::MAX), Value::Int(i64::MIN), Value::Dec(Decimal::MAX)]
        {
            let place = rank(&by(Order::Need, "ann"), &facts(value));
            let rank = place.to_string();
            assert_eq!((rank.len(), rank.parse()), (WIDTH + 16, Ok(place)));
            assert!(rank.bytes().all(|sign| sign.is_ascii_digit() || (b'a'..=b'f').contains(&sign)), "{rank}");
        }
    }

    #[test]
    fn asking_again_draws_no_other_lot() {
        assert_eq!(by(Order::Need, "ann"), by(Order::Need, "ann"));
        assert_ne!(by(Order::Need, "ann").lot, by(Order::Need, "bob").lot);
    }
}
