/// Operands of kinds that the checks of the language refuse. A plan that met some would compute household by household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mistyped;

pub(super) type Made<T> = Result<T, Mistyped>;
