//! The margins of the population: integer weights, all in this file, so that anyone can change them.
//! Where each comes from is written in `content/sample-world/FONTI.md`, under the same heading.

use crate::model::{DisabilityDegree, JobKind, PermitKind};

/// Who lives in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// 1 or 2 partners or lone adult.
    pub adults: u8,
    /// Sons and daughters, of any age.
    pub children: u8,
    /// Another relative, such as a grandparent.
    pub others: u8,
}

const fn shape(adults: u8, children: u8, others: u8) -> Shape {
    Shape { adults, children, others }
}

/// F1 · Households by shape, per thousand.
pub(crate) const SHAPES: &[(u32, Shape)] = &[
    (360, shape(1, 0, 0)),
    (200, shape(2, 0, 0)),
    (62, shape(1, 1, 0)),
    (18, shape(1, 0, 1)),
    (145, shape(2, 1, 0)),
    (30, shape(1, 2, 0)),
    (8, shape(1, 1, 1)),
    (125, shape(2, 2, 0)),
    (5, shape(1, 3, 0)),
    (6, shape(2, 1, 1)),
    (26, shape(2, 3, 0)),
    (6, shape(2, 2, 1)),
    (7, shape(2, 4, 0)),
    (2, shape(2, 5, 0)),
];

/// Ages from the first to the second number, both included.
pub(crate) type Ages = (i64, i64);

/// F2 · Age of people who live alone.
pub(crate) const AGE_ALONE: &[(u32, Ages)] = &[
    (40, (20, 29)),
    (125, (30, 39)),
    (140, (40, 49)),
    (185, (50, 64)),
    (225, (65, 74)),
    (190, (75, 84)),
    (95, (85, 98)),
];

/// F2 · Age of the elder partner of couples without children at home.
pub(crate) const AGE_COUPLE: &[(u32, Ages)] = &[
    (40, (24, 29)),
    (120, (30, 39)),
    (80, (40, 49)),
    (170, (50, 64)),
    (310, (65, 74)),
    (220, (75, 84)),
    (60, (85, 95)),
];

/// F2 · Age of the youngest child at home.
pub(crate) const AGE_YOUNGEST: &[(u32, Ages)] = &[
    (80, (0, 1)),
    (88, (2, 4)),
    (135, (5, 9)),
    (150, (10, 14)),
    (120, (15, 18)),
    (180, (19, 24)),
    (140, (25, 31)),
    (107, (32, 45)),
];

/// F2 · Years between a child and the next elder one. Never less than two, so that birthdays cannot cross.
pub(crate) const AGE_STEP: &[(u32, Ages)] = &[(620, (2, 3)), (280, (4, 5)), (100, (6, 9))];

/// F3 · Mother's age at her first birth.
pub(crate) const MOTHER_AT_FIRST_BIRTH: &[(u32, Ages)] =
    &[(18, (17, 19)), (130, (20, 24)), (300, (25, 29)), (340, (30, 34)), (180, (35, 39)), (32, (40, 42))];

/// F3 · How much older the father is than the mother.
pub(crate) const FATHER_MINUS_MOTHER: &[(u32, Ages)] = &[(150, (-4, -1)), (400, (0, 2)), (320, (3, 5)), (130, (6, 12))];

/// F3 · Lone parents who are fathers, per thousand.
pub(crate) const LONE_FATHER: u32 = 180;
/// F3 · Lone parents who are widowed, per thousand, where the parent is under 50 and from 50.
pub(crate) const LONE_PARENT_WIDOWED: [u32; 2] = [90, 400];
/// F3 · Couples who are married, per thousand: with and without children.
pub(crate) const MARRIED: [u32; 2] = [760, 800];

/// F4 · Households of foreign citizens, per thousand: holder under 45, from 45 to 64, from 65.
pub(crate) const FOREIGN: [u32; 3] = [160, 110, 22];
/// F4 · Foreign citizens under 18 who were born in Italy, per thousand.
pub(crate) const FOREIGN_CHILD_BORN_IN_ITALY: u32 = 780;
/// F4 · Permits of adults from outside the European Union.
pub(crate) const PERMITS: &[(u32, PermitKind)] = &[
    (560, PermitKind::LongTerm),
    (220, PermitKind::Work),
    (140, PermitKind::Family),
    (60, PermitKind::Protection),
    (20, PermitKind::Study),
];
/// F4 · Adults who are not taxed in Italy, per thousand.
pub(crate) const NOT_TAXED_IN_ITALY: u32 = 4;
/// F4 · Italians born in the municipality where they live, per thousand.
pub(crate) const BORN_WHERE_THEY_LIVE: u32 = 600;

/// F5 · Persons at work per thousand, by age: (from age, women, men).
pub(crate) const AT_WORK: &[(i16, u32, u32)] =
    &[(18, 300, 420), (25, 620, 770), (35, 650, 870), (45, 650, 860), (55, 490, 690), (67, 40, 110), (75, 0, 0)];
/// F5 · The same for students, of both sexes.
pub(crate) const STUDENT_AT_WORK: u32 = 120;
/// F5 · Kinds of job.
pub(crate) const JOB_KINDS: &[(u32, JobKind)] =
    &[(680, JobKind::Permanent), (120, JobKind::FixedTerm), (200, JobKind::SelfEmployed)];
/// F5 · Persons of working age without a job who lost one in the last two years, per thousand.
pub(crate) const LOST_A_JOB: u32 = 130;
/// F5 · Workers who came to their present job from another one, per thousand of those who had the time.
pub(crate) const HAD_EARLIER_JOB: u32 = 800;
/// F5 · Yearly pay in euro: from, to.
pub(crate) const PAY: &[(u32, (i64, i64))] = &[
    (70, (4_000, 10_000)),
    (190, (10_000, 20_000)),
    (350, (20_000, 30_000)),
    (255, (30_000, 45_000)),
    (115, (45_000, 80_000)),
    (20, (80_000, 160_000)),
];
/// F5 · Persons from 67 with a pension, per thousand.
pub(crate) const WITH_PENSION: u32 = 940;
/// F5 · Yearly pension in euro.
pub(crate) const PENSION: &[(u32, (i64, i64))] =
    &[(290, (6_500, 10_000)), (290, (10_000, 18_000)), (270, (18_000, 28_000)), (150, (28_000, 60_000))];

/// F6 · Employers by size: workers per thousand who work there, smallest and largest number of persons employed.
pub(crate) const FIRMS: &[(u32, (i64, i64))] = &[(330, (1, 9)), (230, (10, 49)), (170, (50, 249)), (270, (250, 4_000))];
/// F6 · Sections of economic activity (ATECO) with an invented trade.
pub(crate) const SECTORS: &[(u32, (&str, &str))] = &[
    (40, ("A", "Fattorie")),
    (200, ("C", "Officine")),
    (70, ("F", "Cantieri")),
    (150, ("G", "Empori")),
    (60, ("H", "Trasporti")),
    (70, ("I", "Locande")),
    (40, ("J", "Programmi")),
    (35, ("K", "Assicurazioni")),
    (90, ("M", "Studi")),
    (70, ("N", "Servizi")),
    (75, ("P", "Scuole")),
    (100, ("Q", "Cure")),
];

/// F7 · Disabled persons per ten thousand, by age: (from age, number).
pub(crate) const DISABLED: &[(i16, u64)] = &[(0, 150), (6, 280), (18, 260), (40, 480), (65, 1_200), (80, 3_200)];
/// F7 · Degree of disability.
pub(crate) const DEGREES: &[(u32, DisabilityDegree)] =
    &[(380, DisabilityDegree::Medium), (370, DisabilityDegree::Severe), (250, DisabilityDegree::NotSelfSufficient)];

/// F8 · Persons enrolled per thousand, by age: (from age, number).
pub(crate) const ENROLLED: &[(i16, u32)] = &[
    (0, 0),
    (3, 920),
    (6, 1000),
    (16, 960),
    (17, 940),
    (18, 880),
    (19, 560),
    (21, 480),
    (23, 330),
    (26, 90),
    (30, 10),
    (36, 0),
];

/// F9 · ISEE: households with a child under 21 that asked for **none**, per thousand, by what the value would be:
/// (value in euro below which the number holds, number).
pub(crate) const NO_ISEE_WITH_CHILDREN: &[(i64, u32)] =
    &[(10_000, 90), (17_468, 120), (25_000, 200), (46_582, 360), (i64::MAX, 600)];
/// F9 · The same for all other households.
pub(crate) const NO_ISEE_OTHERS: &[(i64, u32)] = &[(10_000, 350), (20_000, 650), (40_000, 850), (i64::MAX, 970)];
/// F9 · Wealth of a household in euro beyond the house it lives in and the exempt part (indicator of DPCM 159/2013).
pub(crate) const WEALTH: &[(u32, (i64, i64))] =
    &[(400, (0, 2_000)), (290, (2_000, 30_000)), (210, (30_000, 110_000)), (100, (110_000, 500_000))];
/// F9 · Households that pay a rent, per thousand.
pub(crate) const RENTS: u32 = 250;
/// F9 · Attestations that a later one of the same year replaces, per thousand.
pub(crate) const ISEE_SUPERSEDED: u32 = 30;
/// F9 · Month in which the attestation of a year is registered.
pub(crate) const ISEE_MONTH: &[(u32, i64)] = &[(420, 1), (280, 2), (110, 3), (60, 4), (50, 5), (50, 6), (30, 9)];

/// F10 · Adults of whom no account is known, per thousand.
pub(crate) const NO_ACCOUNT: u32 = 110;
/// F10 · Children under 30 days of age whom the register does not know yet, per thousand.
pub(crate) const BIRTH_NOT_REGISTERED: u32 = 600;

/// The value of the last row whose `from` is not above `age`.
pub(crate) fn by_age<T: Copy + Default>(rows: &[(i16, T)], age: i16) -> T {
    rows.iter().rev().find(|(from, _)| *from <= age).map_or_else(T::default, |(_, value)| *value)
}

/// The value of the first row whose bound is above `amount`.
pub(crate) fn by_amount(rows: &[(i64, u32)], amount: i64) -> u32 {
    rows.iter().find(|(below, _)| amount < *below).map_or(0, |(_, value)| *value)
}
