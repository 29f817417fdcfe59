//! Surnames and given names in use in Italy; the combinations are drawn, so that nobody is meant (F12 of `FONTI.md`).

use base::Sex;

/// A weight and a name.
pub(crate) type Names = &'static [(u32, &'static str)];

/// F12 · Surnames.
#[rustfmt::skip]
pub(crate) const SURNAMES: Names = &[
    (90, "Rossi"), (66, "Russo"), (54, "Ferrari"), (50, "Esposito"), (42, "Bianchi"), (41, "Romano"),
    (37, "Colombo"), (34, "Ricci"), (33, "Marino"), (33, "Greco"), (31, "Bruno"), (31, "Gallo"), (29, "Conti"),
    (29, "De Luca"), (27, "Mancini"), (26, "Costa"), (25, "Giordano"), (24, "Rizzo"), (23, "Lombardi"),
    (23, "Moretti"), (21, "Barbieri"), (21, "Fontana"), (21, "Santoro"), (20, "Mariani"), (20, "Rinaldi"),
    (19, "Caruso"), (19, "Ferrara"), (18, "Galli"), (18, "Martini"), (18, "Leone"), (17, "Longo"), (17, "Gentile"),
    (17, "Martinelli"), (17, "Vitale"), (16, "Lombardo"), (16, "Serra"), (16, "Coppola"), (16, "De Santis"),
    (15, "D'Angelo"), (15, "Marchetti"), (15, "Parisi"), (14, "Villa"), (14, "Conte"), (14, "Ferraro"),
    (14, "Ferri"), (14, "Fabbri"), (13, "Bianco"), (13, "Marini"), (13, "Grasso"), (13, "Valentini"),
    (13, "Messina"), (12, "Sala"), (12, "De Angelis"), (12, "Gatti"), (12, "Pellegrini"), (12, "Palumbo"),
    (12, "Sanna"), (11, "Farina"), (11, "Rizzi"), (11, "Monti"), (11, "Cattaneo"), (11, "Morelli"), (10, "Amato"),
    (10, "Silvestri"), (10, "Mazza"), (10, "Testa"), (10, "Grassi"), (10, "Pellegrino"), (10, "Carbone"),
    (9, "Giuliani"), (9, "Benedetti"), (9, "Barone"), (9, "Rossetti"), (9, "Caputo"), (9, "Montanari"),
    (9, "Guerra"), (9, "Palmieri"), (9, "Bernardi"), (8, "Martino"), (8, "Fiore"), (8, "De Rosa"), (8, "Ferretti"),
    (8, "Bellini"), (8, "Basile"), (8, "Riva"), (8, "Donati"), (8, "Piras"), (8, "Vitali"), (8, "Battaglia"),
    (8, "Sartori"), (7, "Neri"), (7, "Costantini"), (7, "Milani"), (7, "Pagano"), (7, "Ruggiero"),
    (7, "Sorrentino"), (7, "D'Amico"), (7, "Orlando"), (1, "Damico"), (7, "Negri"), (6, "Mantovani"), (3, "Hofer"),
    (3, "Mair"), (2, "Pichler"), (1, "Kosuta"), (1, "Chanoux"),
];

#[rustfmt::skip]
const FEMALE_ELDER: Names = &[
    (120, "Maria"), (60, "Anna"), (40, "Giuseppina"), (35, "Rosa"), (33, "Angela"), (30, "Giovanna"),
    (27, "Teresa"), (26, "Lucia"), (24, "Carmela"), (20, "Caterina"), (18, "Francesca"), (18, "Antonietta"),
    (17, "Carla"), (16, "Elena"), (15, "Concetta"), (15, "Rita"), (12, "Margherita"), (14, "Franca"), (12, "Paola"),
    (11, "Luisa"),
];

#[rustfmt::skip]
const FEMALE_MIDDLE: Names = &[
    (40, "Maria"), (33, "Anna"), (38, "Francesca"), (36, "Laura"), (30, "Paola"), (30, "Daniela"), (30, "Elena"),
    (26, "Barbara"), (30, "Silvia"), (26, "Federica"), (28, "Valentina"), (28, "Chiara"), (24, "Simona"),
    (28, "Alessandra"), (22, "Cristina"), (22, "Roberta"), (22, "Monica"), (22, "Sara"), (22, "Elisa"),
    (20, "Giulia"),
];

#[rustfmt::skip]
const FEMALE_YOUNG: Names = &[
    (40, "Sofia"), (42, "Giulia"), (32, "Aurora"), (26, "Alice"), (22, "Ginevra"), (24, "Emma"), (24, "Giorgia"),
    (18, "Beatrice"), (17, "Greta"), (16, "Vittoria"), (24, "Martina"), (22, "Chiara"), (16, "Anna"), (22, "Sara"),
    (20, "Gaia"), (14, "Matilde"), (12, "Nicole"), (14, "Noemi"), (8, "Zoe"), (12, "Rebecca"),
];

#[rustfmt::skip]
const MALE_ELDER: Names = &[
    (90, "Giuseppe"), (70, "Antonio"), (68, "Giovanni"), (45, "Mario"), (42, "Francesco"), (42, "Luigi"),
    (30, "Angelo"), (30, "Vincenzo"), (26, "Pietro"), (30, "Salvatore"), (26, "Carlo"), (26, "Franco"),
    (22, "Domenico"), (18, "Bruno"), (22, "Paolo"), (18, "Michele"), (16, "Giorgio"), (10, "Aldo"), (16, "Sergio"),
    (10, "Renato"),
];

#[rustfmt::skip]
const MALE_MIDDLE: Names = &[
    (48, "Marco"), (46, "Andrea"), (40, "Alessandro"), (40, "Francesco"), (36, "Luca"), (34, "Giuseppe"),
    (34, "Stefano"), (32, "Antonio"), (30, "Roberto"), (26, "Paolo"), (26, "Fabio"), (24, "Davide"),
    (22, "Massimo"), (26, "Matteo"), (24, "Daniele"), (22, "Simone"), (18, "Claudio"), (16, "Maurizio"),
    (22, "Giovanni"), (6, "Nicolò"),
];

#[rustfmt::skip]
const MALE_YOUNG: Names = &[
    (40, "Leonardo"), (38, "Francesco"), (36, "Lorenzo"), (34, "Alessandro"), (32, "Andrea"), (30, "Mattia"),
    (28, "Gabriele"), (26, "Tommaso"), (24, "Riccardo"), (20, "Edoardo"), (30, "Matteo"), (16, "Giuseppe"),
    (8, "Niccolò"), (10, "Nicolò"), (18, "Federico"), (8, "Giulio"), (4, "Noè"), (14, "Pietro"), (16, "Samuele"),
    (14, "Diego"),
];

/// F12 · Given names by sex and generation: over 60, from 25 to 60, under 25.
pub(crate) const fn given_names(sex: Sex, age: i16) -> Names {
    match (sex, age) {
        (Sex::F, ..25) => FEMALE_YOUNG,
        (Sex::F, 25..=60) => FEMALE_MIDDLE,
        (Sex::F, _) => FEMALE_ELDER,
        (Sex::M, ..25) => MALE_YOUNG,
        (Sex::M, 25..=60) => MALE_MIDDLE,
        (Sex::M, _) => MALE_ELDER,
    }
}
