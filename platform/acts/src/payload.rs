use std::{fmt, sync::OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

/// What an act says, as it stands in the book. It is read when somebody asks for it: most followers want to know of most
/// acts only that there are such.
#[derive(Clone)]
pub struct Payload {
    text: Box<RawValue>,
    value: OnceLock<Value>,
}

impl Payload {
    /// As JSON, keys in alphabetical order.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get()
    }

    /// As the type of its kind.
    ///
    /// # Errors
    /// When it says something else.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.text())
    }

    /// Field by field; nothing where somebody else wrote what cannot be read, which the log tells.
    #[must_use]
    pub fn value(&self) -> &Value {
        let read = || self.read().inspect_err(|error| tracing::error!(%error, "an act cannot be read"));
        self.value.get_or_init(|| read().unwrap_or_default())
    }
}

impl From<&Value> for Payload {
    fn from(value: &Value) -> Self {
        let text = RawValue::from_string(value.to_string()).expect("a JSON value is written as JSON");
        Self { text, value: OnceLock::new() }
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self { text, value: OnceLock::new() })
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Payload {}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
