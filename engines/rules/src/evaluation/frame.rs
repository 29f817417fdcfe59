use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{Facts, Input, InputType, Program, Value};

use super::{FactError, MemberRef};

/// The facts of one household, checked and laid out by input slot.
#[derive(Debug)]
pub(crate) struct Frame {
    household: Vec<Value>,
    /// By relation, then by member.
    members: Vec<Vec<Vec<Value>>>,
}

impl Frame {
    /// Lays out the facts. `typed` is false for form conditions, whose names have no declared type. Facts that no input
    /// asks for are ignored: a form may ask more than the law needs.
    pub fn load(program: &Program, facts: &Facts, typed: bool) -> Result<Self, FactError> {
        let row = |owner: Option<usize>, values: &BTreeMap<String, Value>, member: Option<usize>| {
            let mut row = vec![Value::Null; program.inputs.len()];
            for (slot, input) in program.inputs.iter().enumerate().filter(|(_, input)| input.owner == owner) {
                let Some(value) = values.get(&input.name) else { continue };
                row[slot] = accept(input, value, typed).ok_or_else(|| refused(input, member))?;
            }
            Ok(row)
        };
        let members = |(relation, name): (usize, &String)| {
            let members = facts.groups.get(name).map_or(&[][..], Vec::as_slice);
            members.iter().enumerate().map(|(index, values)| row(Some(relation), values, Some(index))).collect()
        };
        Ok(Self {
            household: row(None, &facts.values, None)?,
            members: program.relations.iter().enumerate().map(members).collect::<Result<_, _>>()?,
        })
    }

    /// How many entities have what `owner` has: its members, or the one household.
    pub fn count(&self, owner: Option<usize>) -> usize {
        owner.map_or(1, |relation| self.members[relation].len())
    }

    pub fn value(&self, owner: Option<usize>, member: usize, slot: usize) -> &Value {
        match owner {
            None => &self.household[slot],
            Some(relation) => &self.members[relation][member][slot],
        }
    }
}

fn accept(input: &Input, value: &Value, typed: bool) -> Option<Value> {
    let plain = match value {
        Value::Int(number) => Value::Dec(Decimal::from(*number)),
        other => other.clone(),
    };
    if !typed {
        return Some(plain);
    }
    let fits = match (&plain, input.kind) {
        (Value::Null, _) | (Value::Bool(_), InputType::Bool) | (Value::Date(_), InputType::Date) => true,
        (Value::Dec(_), InputType::Decimal) => true,
        (Value::Dec(number), InputType::Integer) => number.is_integer(),
        (Value::Text(text), InputType::Text) => input.values.is_empty() || input.values.contains(text),
        _ => false,
    };
    fits.then_some(plain)
}

fn refused(input: &Input, member: Option<usize>) -> FactError {
    let expected = if input.values.is_empty() {
        InputType::name(input.kind).to_owned()
    } else {
        format!("uno fra {}", input.values.join(", "))
    };
    let member = member.zip(input.relation.clone()).map(|(index, relation)| MemberRef { relation, index });
    FactError { name: input.name.clone(), member, expected }
}

impl InputType {
    /// The Italian name, as in the table of inputs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "sì/no",
            Self::Integer => "intero",
            Self::Decimal => "decimale",
            Self::Date => "data",
            Self::Text => "testo",
        }
    }
}
