use std::collections::HashMap;

use base::nearest;

use crate::unit::Kind;

use super::{Expr, parse::ExprError};

/// What a name stands for.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub expr: Expr,
    pub kind: Kind,
    /// Texts that the input may hold; empty: any.
    pub allowed: Vec<String>,
}

/// A column of an amount table, used as a function.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub table: usize,
    pub column: usize,
    pub takes: Kind,
    pub gives: Kind,
}

/// The names that an expression may use. `owner` is the relation, or `None` for the household.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub relations: Vec<String>,
    entries: HashMap<(Option<usize>, String), Meaning>,
    columns: HashMap<String, Column>,
    /// In form conditions any name is an input of unknown type: they are listed here as they are met.
    pub open: Option<Vec<(Option<usize>, String)>>,
}

impl Names {
    /// Names that need no declaration.
    pub fn open() -> Self {
        Self { open: Some(Vec::new()), ..Self::default() }
    }

    /// The place of a relation, which begins to exist when it is first named.
    pub fn relation(&mut self, name: &str) -> usize {
        self.relations.iter().position(|known| known == name).unwrap_or_else(|| {
            self.relations.push(name.to_owned());
            self.relations.len() - 1
        })
    }

    pub fn declare(&mut self, owner: Option<usize>, name: &str, meaning: Meaning) {
        self.entries.insert((owner, name.to_owned()), meaning);
    }

    pub fn declare_column(&mut self, name: String, column: Column) {
        self.columns.insert(name, column);
    }

    /// Whether a member or the household already has this name. A member's name may not hide one of the household.
    pub fn taken(&self, owner: Option<usize>, name: &str) -> bool {
        let clash = |other: Option<usize>| owner.is_none() || other.is_none() || other == owner;
        self.columns.contains_key(name) || self.entries.keys().any(|(other, known)| known == name && clash(*other))
    }

    /// The texts that an input may hold; empty: any, or not an input.
    pub fn allowed(&self, input: &Expr) -> Vec<String> {
        let known = self.entries.values().find(|meaning| meaning.expr == *input);
        known.map_or_else(Vec::new, |meaning| meaning.allowed.clone())
    }

    pub fn column(&self, name: &str) -> Option<Column> {
        self.columns.get(name).copied()
    }

    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// A name that belongs to `owner` itself.
    pub fn of(&mut self, owner: Option<usize>, name: &str) -> Option<Meaning> {
        if let Some(met) = &mut self.open {
            let key = (owner, name.to_owned());
            let slot = met.iter().position(|known| *known == key).unwrap_or_else(|| {
                met.push(key);
                met.len() - 1
            });
            return Some(Meaning { expr: Expr::Input(slot), kind: Kind::Any, allowed: Vec::new() });
        }
        self.entries.get(&(owner, name.to_owned())).cloned()
    }

    /// The complaint about a name that `owner` does not have.
    pub fn unknown(&self, owner: Option<usize>, name: &str) -> ExprError {
        let message = format!("nome sconosciuto `{name}`");
        let elsewhere = self.entries.keys().find(|(other, known)| known == name && *other != owner);
        if let Some((Some(relation), _)) = elsewhere {
            let relation = &self.relations[*relation];
            let mend = format!("è un dato di «{relation}»: usarlo in un aggregato, per esempio sum({relation}.{name})");
            return ExprError::new(message, mend);
        }
        if self.columns.contains_key(name) {
            return ExprError::new(message, format!("è la colonna di una tabella: scrivere {name}(valore)"));
        }
        let visible = self.entries.keys().filter(|(other, _)| other.is_none() || *other == owner);
        let mend = nearest(name, visible.map(|(_, known)| known.as_str())).map_or_else(
            || "dichiararlo come dato, parametro o regola, oppure correggere il nome".to_owned(),
            |near| format!("forse si voleva `{near}`"),
        );
        ExprError::new(message, mend)
    }
}
