use base::{Date, FiscalCode, Timestamp, Uuid};

/// A value bound to a placeholder. The three storage classes are what both engines agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Param {
    /// `TEXT`.
    Text(Option<String>),
    /// `BIGINT`.
    Int(Option<i64>),
    /// `{blob}`.
    Blob(Option<Vec<u8>>),
}

/// A type that knows its column type, so that `None` is a NULL of the right kind (PostgreSQL insists).
pub trait Bound {
    /// The value as a parameter; `None` is NULL.
    fn param(value: Option<Self>) -> Param
    where
        Self: Sized;
}

macro_rules! bound {
    ($($kind:ty => $variant:ident, $convert:expr;)*) => {$(
        impl Bound for $kind {
            fn param(value: Option<Self>) -> Param {
                Param::$variant(value.map($convert))
            }
        }
    )*};
}

bound! {
    String => Text, |text| text;
    &str => Text, ToOwned::to_owned;
    &String => Text, Clone::clone;
    Uuid => Text, |id| id.to_string();
    Timestamp => Text, instant;
    Date => Text, |date| date.to_string();
    &FiscalCode => Text, |code| code.as_str().to_owned();
    i64 => Int, |number| number;
    i32 => Int, i64::from;
    u8 => Int, i64::from;
    bool => Int, i64::from;
    Vec<u8> => Blob, |bytes| bytes;
    &[u8] => Blob, <[u8]>::to_vec;
    [u8; 32] => Blob, |bytes| bytes.to_vec();
    &[u8; 32] => Blob, |bytes| bytes.to_vec();
}

impl<T: Bound> From<T> for Param {
    fn from(value: T) -> Self {
        T::param(Some(value))
    }
}

impl<T: Bound> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Self {
        T::param(value)
    }
}

/// Fixed width, microseconds, `Z`: so that the order of texts is the order of instants.
fn instant(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// `params![a, b]`: the values of `$1`, `$2`, …
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Param::from($value)),*] };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_sort_as_text() {
        let early: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-03-02T09:00:00.5Z".parse().unwrap();
        assert!(instant(early) < instant(late));
        assert_eq!(instant(early), "2026-03-02T09:00:00.000000Z");
    }
}
