//! Who lives together: relations, ages and roles, before anybody has a name.

use base::Sex;

use crate::{
    births::OLDEST,
    margins::{
        AGE_ALONE, AGE_COUPLE, AGE_STEP, AGE_YOUNGEST, Ages, FATHER_MINUS_MOTHER, FOREIGN, LONE_FATHER,
        LONE_PARENT_WIDOWED, MARRIED, MOTHER_AT_FIRST_BIRTH, Shape,
    },
    model::{ParentalRole, Relation},
    rng::Rng,
};

/// A person who lives alone.
pub(crate) const ALONE: Shape = Shape { adults: 1, children: 0, others: 0 };
/// The oldest age that tables may lead to; the rest of the way to [`OLDEST`] is for older partners and parents.
const VERY_OLD: i64 = OLDEST as i64;

impl Shape {
    pub(crate) fn size(self) -> u8 {
        self.adults + self.children + self.others
    }
}

/// A member without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figure {
    pub relation: Relation,
    pub age: i16,
    pub sex: Sex,
    pub parent: Option<ParentalRole>,
}

/// A household without names.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    pub figures: Vec<Figure>,
    /// Whether all are foreign citizens.
    pub foreign: bool,
    /// Whether the lone parent's spouse died.
    pub widowed: bool,
}

pub(crate) fn sketch(rng: &mut Rng, shape: Shape) -> Sketch {
    let children = children(rng, shape.children);
    let (mut adults, couple) = match (shape.adults, children.is_empty()) {
        (1, true) => (vec![alone(rng)], 0),
        (1, false) => (vec![lone_parent(rng, &children)], 0),
        (_, true) => (couple(rng), MARRIED[1]),
        (_, false) => (parents(rng, &children), MARRIED[0]),
    };
    set_relations(rng, &mut adults, couple);
    let holder = adults[0].age;
    let mut figures = adults;
    figures.extend(children);
    figures.extend((0..shape.others).map(|_| relative(rng, holder)));
    let widowed =
        shape.adults == 1 && shape.children > 0 && rng.happens(LONE_PARENT_WIDOWED[usize::from(holder >= 50)]);
    let foreign = rng.happens(FOREIGN[usize::from(holder >= 45) + usize::from(holder >= 65)]);
    Sketch { figures, foreign, widowed }
}

fn draw_age(rng: &mut Rng, table: &[(u32, Ages)]) -> i64 {
    let (low, high) = rng.pick(table);
    rng.between(low, high)
}

fn figure(relation: Relation, age: i64, sex: Sex) -> Figure {
    Figure { relation, age: i16::try_from(age.clamp(0, VERY_OLD)).unwrap_or(OLDEST), sex, parent: None }
}

fn any_sex(rng: &mut Rng) -> Sex {
    // 106 boys are born for 100 girls.
    if rng.happens(515) { Sex::M } else { Sex::F }
}

/// From the eldest.
fn children(rng: &mut Rng, number: u8) -> Vec<Figure> {
    let mut ages = Vec::new();
    for _ in 0..number {
        let step = draw_age(rng, AGE_STEP);
        let age = ages.last().map_or_else(|| draw_age(rng, AGE_YOUNGEST), |youngest| youngest + step);
        ages.push(age);
    }
    ages.iter().rev().map(|age| figure(Relation::Child, *age, any_sex(rng))).collect()
}

/// Women live longer: with age, more of those who live alone are women.
fn alone(rng: &mut Rng) -> Figure {
    let age = draw_age(rng, AGE_ALONE);
    let women = match age {
        ..50 => 400,
        50..65 => 470,
        65..75 => 620,
        _ => 760,
    };
    figure(Relation::Holder, age, if rng.happens(women) { Sex::F } else { Sex::M })
}

fn couple(rng: &mut Rng) -> Vec<Figure> {
    let elder = draw_age(rng, AGE_COUPLE);
    let younger = (elder - rng.between(0, 6)).max(18);
    let (man, woman) = if rng.happens(780) { (elder, younger) } else { (younger, elder) };
    vec![figure(Relation::Holder, man, Sex::M), figure(Relation::Holder, woman, Sex::F)]
}

/// The mother's age, from her age at the first birth; she was at most 46 at the last one.
fn mother_age(rng: &mut Rng, children: &[Figure]) -> i64 {
    let age_of = |child: Option<&Figure>| child.map_or(0, |child| i64::from(child.age));
    let (eldest, youngest) = (age_of(children.first()), age_of(children.last()));
    let at_first_birth = draw_age(rng, MOTHER_AT_FIRST_BIRTH).min(46 - (eldest - youngest)).max(17);
    (eldest + at_first_birth).clamp(18, VERY_OLD)
}

fn parents(rng: &mut Rng, children: &[Figure]) -> Vec<Figure> {
    let mother = mother_age(rng, children);
    let eldest = children.first().map_or(0, |child| i64::from(child.age));
    let father = (mother + draw_age(rng, FATHER_MINUS_MOTHER)).clamp((eldest + 18).min(VERY_OLD), VERY_OLD);
    let father = Figure { parent: Some(ParentalRole::Father), ..figure(Relation::Holder, father, Sex::M) };
    vec![father, Figure { parent: Some(ParentalRole::Mother), ..figure(Relation::Holder, mother, Sex::F) }]
}

fn lone_parent(rng: &mut Rng, children: &[Figure]) -> Figure {
    let mother = mother_age(rng, children);
    let (role, sex, older) = if rng.happens(LONE_FATHER) {
        (ParentalRole::Father, Sex::M, rng.between(1, 5))
    } else {
        (ParentalRole::Mother, Sex::F, 0)
    };
    Figure { parent: Some(role), ..figure(Relation::Holder, mother + older, sex) }
}

/// One of a couple is the holder, usually the man; the other is spouse, or partner if they did not marry.
fn set_relations(rng: &mut Rng, adults: &mut [Figure], married: u32) {
    if adults.len() == 2 {
        if rng.happens(350) {
            adults.swap(0, 1);
        }
        adults[1].relation = if rng.happens(married) { Relation::Spouse } else { Relation::Partner };
    }
}

/// A parent of the holder, or a brother or sister where the holder is old.
fn relative(rng: &mut Rng, holder: i16) -> Figure {
    let holder = i64::from(holder);
    let age = if holder < 68 { holder + rng.between(21, 31) } else { holder - rng.between(0, 8) };
    let sex = if rng.happens(700) { Sex::F } else { Sex::M };
    figure(Relation::Other, age, sex)
}
