/// Gives a plain enumeration a key for each of its values: `ALL`, `key()` and [`FromStr`](std::str::FromStr). The key
/// is how a value is stored, and the last part of its key in the words.
///
/// ```
/// #[derive(Debug, Clone, Copy, PartialEq, Eq)]
/// enum Tide {
///     Ebb,
///     Flood,
/// }
///
/// base::keyed!(Tide { Ebb => "ebb", Flood => "flood" });
///
/// assert_eq!(Tide::ALL.map(Tide::key), ["ebb", "flood"]);
/// assert_eq!("flood".parse(), Ok(Tide::Flood));
/// assert!("slack".parse::<Tide>().is_err());
/// ```
#[macro_export]
macro_rules! keyed {
    ($vis:vis $name:ident { $($one:ident => $key:expr),+ $(,)? }) => {
        impl $name {
            /// All of them, in the order of their declaration.
            $vis const ALL: [Self; [$($key),+].len()] = [$(Self::$one),+];

            /// As stored; also the last part of its key in the words.
            #[must_use]
            $vis const fn key(self) -> &'static str {
                match self {
                    $(Self::$one => $key),+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(key: &str) -> std::result::Result<Self, String> {
                Self::ALL.into_iter().find(|one| one.key() == key).ok_or_else(|| format!("there is no `{key}`"))
            }
        }
    };
}
