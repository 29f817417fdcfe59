use base::{Timestamp, Uuid};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Payload;

/// By which door somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// A person with national e-ID.
    Citizen,
    /// Somebody who works for the office.
    Staff,
    /// The program itself: clocks, letters.
    System,
}

/// Who did an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// A fiscal code for citizens, a staff identifier for officers, `system`.
    pub subject: String,
    /// Name to show.
    pub name: String,
    /// Door by which the actor came in.
    pub door: Door,
    /// Level of identification, 1 to 3 as for SPID; 0 for the program itself.
    pub level: u8,
    /// Fiscal code of the person for whom it was done, when that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// By which authority it was done for somebody else; absent where it was one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
}

/// What lets somebody act for somebody else, as acts name it for whoever reads them in ten years.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// What it is: `mandate`.
    pub kind: String,
    /// Its identifier: of a mandate, the subject of its own acts in this book.
    pub id: String,
    /// Its number as people know it: `3/2026`.
    pub number: String,
    /// The name of the person or company for whom it was done.
    pub principal: String,
    /// When the registry that says so was asked, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// The name of the intermediary's office to which the actor belongs, where the mandate is an office's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
}

impl Actor {
    /// The program itself.
    #[must_use]
    pub fn system() -> Self {
        let (subject, name) = ("system".to_owned(), "Sportello".to_owned());
        Self { subject, name, door: Door::System, level: 0, on_behalf_of: None, authority: None }
    }
}

/// An act that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAct {
    /// The case it belongs to.
    pub case: Uuid,
    /// What happened, one of the kinds that `cases` declares.
    pub kind: &'static str,
    /// Who did it.
    pub actor: Actor,
    /// What it says; its fields depend on the kind.
    pub payload: Value,
}

/// An act in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Place in the whole book, from 0; leaf index of the log.
    pub position: i64,
    /// The case it belongs to.
    pub case: Uuid,
    /// Place in the case, from 1.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// The salted digest that the log publishes.
    pub digest: [u8; 32],
    /// Who and what; `None` once the personal content was erased.
    pub body: Option<Body>,
}

/// The erasable part of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Who did it.
    pub actor: Actor,
    /// What it says.
    pub payload: Payload,
    /// The exact text under the digest.
    pub content: String,
    /// The salt under the digest.
    pub salt: [u8; 32],
}

impl Act {
    /// The payload as the type of its kind; `None` once the content was erased, and, said in the log, where the act
    /// says something else.
    #[must_use]
    pub fn payload<T: DeserializeOwned>(&self) -> Option<T> {
        let read: serde_json::Result<T> = self.body.as_ref()?.payload.read();
        read.inspect_err(|error| tracing::error!(position = self.position, kind = self.kind, %error, "unreadable act"))
            .ok()
    }

    /// The same of an act of that kind; `None` of any other.
    #[must_use]
    pub fn payload_of<T: DeserializeOwned>(&self, kind: &str) -> Option<T> {
        if self.kind == kind { self.payload() } else { None }
    }

    /// A field of the payload; `Null` where it is absent or the content was erased.
    #[must_use]
    pub fn field(&self, name: &str) -> &Value {
        self.body.as_ref().and_then(|body| body.payload.value().get(name)).unwrap_or(&Value::Null)
    }

    /// A text field of the payload, empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.field(name).as_str().unwrap_or("")
    }
}

/// The text that is digested: every attribute of the act, keys in alphabetical order.
#[derive(Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) actor: Actor,
    pub(crate) at: Timestamp,
    pub(crate) case: Uuid,
    pub(crate) kind: String,
    pub(crate) payload: Payload,
    pub(crate) seq: i64,
}

/// The salted commitment to an act's content that goes into the log.
#[must_use]
pub fn digest(salt: &[u8; 32], content: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"sportello/act/v1\n");
    hash.update(salt);
    hash.update(content.as_bytes());
    hash.finalize().into()
}
