/// What of a law columns cannot compute: it is computed household by household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotColumnar {
    /// A text that the law does not list is an output, an order, or compared with another such: columns know of it only
    /// between which of the law's own texts it lies.
    #[error("un testo libero è un risultato, ordina dei componenti o si confronta con un altro testo libero")]
    FreeText,
    /// A table has amounts that 64 bits do not hold.
    #[error("una tabella ha importi oltre 64 bit")]
    Amounts,
    /// Operands that the checks of the language admit only where one of them is NULL.
    #[error("un'espressione unisce valori di tipi diversi")]
    Kinds,
}

pub(super) type Made<T> = Result<T, NotColumnar>;
