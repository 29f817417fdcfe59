use crate::unit::{Kind, Unit};

use super::{Aggregate, Function, names::Names, parse::ExprError};

/// Names of functions, which nothing else may take.
pub(crate) const RESERVED: [&str; 29] = [
    "abs",
    "al_mese",
    "all_anno",
    "anni",
    "avg",
    "bool_and",
    "bool_or",
    "ceil",
    "coalesce",
    "count",
    "dopo_anni",
    "dopo_giorni",
    "dopo_mesi",
    "floor",
    "giorno",
    "greatest",
    "least",
    "max",
    "mesi",
    "min",
    "nullif",
    "numero",
    "primo_del_mese",
    "rank",
    "round",
    "row_number",
    "sum",
    "nucleo",
    "manca",
];

impl Aggregate {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "sum" => Self::Sum,
            "count" => Self::Count,
            "min" => Self::Min,
            "max" => Self::Max,
            "avg" => Self::Avg,
            "bool_or" => Self::BoolOr,
            "bool_and" => Self::BoolAnd,
            _ => return None,
        })
    }

    /// Its name in a rule.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::Avg => "avg",
            Self::BoolOr => "bool_or",
            Self::BoolAnd => "bool_and",
        }
    }

    /// The type of the result for an operand of type `kind`, or what it should have been.
    pub(super) fn kind(self, kind: Kind) -> Result<Kind, &'static str> {
        match (self, kind) {
            (Self::Count, _) => Ok(Kind::Number(Some(Unit::Number))),
            (Self::Sum | Self::Avg, Kind::Number(_) | Kind::Any) => Ok(kind.as_number()),
            (Self::Min | Self::Max, _) => Ok(kind),
            (Self::BoolOr | Self::BoolAnd, Kind::Bool | Kind::Any) => Ok(Kind::Bool),
            (Self::BoolOr | Self::BoolAnd, _) => Err("un valore sì/no"),
            (Self::Sum | Self::Avg, _) => Err("un numero"),
        }
    }
}

impl Function {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "coalesce" => Self::Coalesce,
            "nullif" => Self::NullIf,
            "least" => Self::Least,
            "greatest" => Self::Greatest,
            "abs" => Self::Abs,
            "floor" => Self::Floor,
            "ceil" => Self::Ceil,
            "anni" => Self::Years,
            "mesi" => Self::Months,
            "dopo_mesi" => Self::AddMonths,
            "dopo_giorni" => Self::AddDays,
            "primo_del_mese" => Self::FirstOfMonth,
            _ => return None,
        })
    }

    /// Its name in a rule.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Coalesce => "coalesce",
            Self::NullIf => "nullif",
            Self::Least => "least",
            Self::Greatest => "greatest",
            Self::Abs => "abs",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Years => "anni",
            Self::Months => "mesi",
            Self::AddMonths => "dopo_mesi",
            Self::AddDays => "dopo_giorni",
            Self::FirstOfMonth => "primo_del_mese",
        }
    }

    fn takes(self, count: usize) -> bool {
        match self {
            Self::Coalesce | Self::Least | Self::Greatest => count >= 1,
            Self::NullIf | Self::AddMonths | Self::AddDays => count == 2,
            Self::Years | Self::Months => count == 1 || count == 2,
            Self::Abs | Self::Floor | Self::Ceil | Self::FirstOfMonth => count == 1,
        }
    }

    /// The type of the result; the message of the error names what does not fit.
    pub(super) fn kind(self, arguments: &[Kind]) -> Result<Kind, (String, String)> {
        let name = self.name();
        if !self.takes(arguments.len()) {
            let message = format!("numero di argomenti sbagliato per `{name}`: sono {}", arguments.len());
            return Err((message, "vedere la funzione nella specifica del linguaggio".into()));
        }
        let expects = |what: &str| {
            let found = arguments.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            (format!("`{name}` vuole {what}, qui c'è: {found}"), format!("dare a `{name}` {what}"))
        };
        let dated = |days: &[Kind]| days.iter().all(|kind| matches!(kind, Kind::Date | Kind::Any));
        match (self, arguments[0]) {
            (Self::Coalesce | Self::NullIf | Self::Least | Self::Greatest, _) => common(name, arguments),
            (Self::Years, _) if dated(arguments) => Ok(Kind::Number(Some(Unit::Years))),
            (Self::Months, _) if dated(arguments) => Ok(Kind::Number(Some(Unit::Months))),
            (Self::FirstOfMonth, _) if dated(arguments) => Ok(Kind::Date),
            (Self::Years | Self::Months | Self::FirstOfMonth, _) => Err(expects("una data")),
            (Self::AddMonths, _) if dated(&arguments[..1]) && counts(arguments[1], Unit::Months) => Ok(Kind::Date),
            (Self::AddMonths, _) => Err(expects("una data e un numero di mesi")),
            (Self::AddDays, _) if dated(&arguments[..1]) && counts(arguments[1], Unit::Days) => Ok(Kind::Date),
            (Self::AddDays, _) => Err(expects("una data e un numero di giorni")),
            (Self::Abs | Self::Floor | Self::Ceil, kind @ (Kind::Number(_) | Kind::Any)) => Ok(kind.as_number()),
            (Self::Abs | Self::Floor | Self::Ceil, _) => Err(expects("un numero")),
        }
    }
}

/// Whether a value counts in `unit`, or is a pure number.
fn counts(kind: Kind, unit: Unit) -> bool {
    matches!(kind, Kind::Any | Kind::Number(None | Some(Unit::Number))) || kind == Kind::Number(Some(unit))
}

fn common(name: &str, arguments: &[Kind]) -> Result<Kind, (String, String)> {
    arguments.iter().skip(1).try_fold(arguments[0], |kind, next| {
        kind.unify(*next).ok_or_else(|| {
            let message = format!("gli argomenti di `{name}` non vanno insieme: {kind} e {next}");
            (message, "usare argomenti dello stesso tipo e della stessa unità".into())
        })
    })
}

/// The complaint about a function that does not exist.
pub(super) fn unknown(name: &str, names: &Names) -> ExprError {
    let known = RESERVED.iter().copied().chain(names.columns());
    let mend = base::nearest(name, known).map_or_else(
        || format!("funzioni ammesse: {} e le colonne delle tabelle", RESERVED.join(", ")),
        |near| format!("forse si voleva `{near}`"),
    );
    ExprError::new(format!("funzione sconosciuta `{name}`"), mend)
}
