//! Words around what a law says, for services that have none of their own.

use base::Language;

/// Before what stood against something.
pub(super) const fn unmet(language: Language) -> &'static str {
    match language {
        Language::Italian => "Condizione non soddisfatta",
        Language::English => "Not met",
        Language::German => "Nicht erfüllt",
    }
}

/// Which way a number would have to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Down,
    Up,
    /// It is no number, or nobody knows what it is now.
    Otherwise,
}

/// For what `[supposed]` does not name.
pub(super) const fn generic(direction: Direction, language: Language) -> &'static str {
    match (direction, language) {
        (Direction::Down, Language::Italian) => "Con «{label}» fino a {needed}, {outcome}.",
        (Direction::Down, Language::English) => "With “{label}” up to {needed}, {outcome}.",
        (Direction::Down, Language::German) => "Mit „{label}“ bis {needed} {outcome}.",
        (Direction::Up, Language::Italian) => "Con «{label}» di almeno {needed}, {outcome}.",
        (Direction::Up, Language::English) => "With “{label}” of at least {needed}, {outcome}.",
        (Direction::Up, Language::German) => "Mit „{label}“ von mindestens {needed} {outcome}.",
        (Direction::Otherwise, Language::Italian) => "Se fosse diverso questo punto: «{label}», {outcome}.",
        (Direction::Otherwise, Language::English) => "If this point were different: “{label}”, {outcome}.",
        (Direction::Otherwise, Language::German) => "Wäre dieser Punkt anders: „{label}“, {outcome}.",
    }
}

/// Before what a number is today, beside what it would have to be.
pub(super) const fn at_present(language: Language) -> &'static str {
    match language {
        Language::Italian => "ora",
        Language::English => "now",
        Language::German => "derzeit",
    }
}

/// An amount that is supposed.
pub(super) const fn would_be(language: Language) -> &'static str {
    match language {
        Language::Italian => "l’importo sarebbe di {amount}",
        Language::English => "the amount would be {amount}",
        Language::German => "läge der Betrag bei {amount}",
    }
}

/// A supposed outcome without an amount.
pub(super) const fn better(language: Language) -> &'static str {
    match language {
        Language::Italian => "il risultato sarebbe più favorevole",
        Language::English => "the result would be more favourable",
        Language::German => "wäre das Ergebnis günstiger",
    }
}
