use axum::{
    Form,
    body::Bytes,
    extract::{FromRequest, Multipart, Request, multipart::Field},
    http::header,
    response::IntoResponse,
};
use base::FileKind;

use crate::{Failure, Visit, parked::Parked};

const MOST_FIELDS: usize = 500;
/// As many as the attachments of one page may hold.
const MOST_FILES: usize = 10;
const LONGEST_NAME: usize = 120;

/// What a form sent, as typed: an extractor for `application/x-www-form-urlencoded` and `multipart/form-data`.
/// Bounded by 64 KiB, or by what [`crate::uploads`] allows on the route.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    /// Names and values in the order of the page.
    pub fields: Vec<(String, String)>,
    /// Files that were really chosen, empty ones too; a file input that was left alone gives none.
    pub files: Vec<Upload>,
}

/// What waited to be typed again; its files are to be chosen again.
impl From<Parked> for Posted {
    fn from(parked: Parked) -> Self {
        Self { fields: parked.fields, files: Vec::new() }
    }
}

/// A file that a person attached. Its name and its type are not what the browser claims.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Name of the form's field.
    pub field: String,
    /// Last part of the name, without control characters and marks that reverse the reading direction.
    pub file_name: String,
    /// Told by the first bytes.
    pub kind: FileKind,
    /// Content.
    pub bytes: Bytes,
}

impl Posted {
    /// The first value of `name`, without surrounding blanks; empty when it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// Day, month and year of a day, as `Field::date` asks for it.
    #[must_use]
    pub fn day_parts(&self, name: &str) -> [String; 3] {
        ["giorno", "mese", "anno"].map(|part| self.text(&format!("{name}.{part}")).to_owned())
    }

    /// Every value of `name`, as checkboxes send them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let visit = request.extensions().get::<Visit>().cloned();
        let posted = Self::read(request).await?;
        visit.map_or(Ok(()), |visit| visit.takes(&posted))?;
        Ok(posted)
    }
}

impl Posted {
    pub(crate) async fn read(request: Request) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let posted = if kind.starts_with("multipart/form-data") {
            multipart(Multipart::from_request(request, &()).await.map_err(refused)?).await?
        } else {
            let Form(fields) = Form::from_request(request, &()).await.map_err(refused)?;
            Self { fields, files: Vec::new() }
        };
        if posted.fields.len() > MOST_FIELDS {
            return Err(Failure::TooLarge);
        }
        // PostgreSQL cannot keep such a text, and nobody types one.
        if posted.fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(Failure::BadRequest("web.failure.bad_request.advice"));
        }
        Ok(posted)
    }
}

async fn multipart(mut parts: Multipart) -> Result<Posted, Failure> {
    let mut posted = Posted::default();
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        if posted.files.len() >= MOST_FILES || posted.fields.len() > MOST_FIELDS {
            return Err(Failure::TooLarge);
        }
        let name = part.name().unwrap_or("").to_owned();
        if part.file_name().is_some() {
            posted.files.extend(upload(name, part).await?);
        } else {
            posted.fields.push((name, part.text().await.map_err(refused)?));
        }
    }
    Ok(posted)
}

/// The text fields of a form with files, up to `most` bytes of text, and the names of the files: their content is let go
/// as it comes.
pub(crate) async fn without_files(
    request: Request,
    most: usize,
) -> Result<(Vec<(String, String)>, Vec<String>), Failure> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(refused)?;
    let (mut fields, mut files, mut left) = (Vec::new(), Vec::new(), most);
    while let Some(mut part) = parts.next_field().await.map_err(refused)? {
        if files.len() >= MOST_FILES || fields.len() > MOST_FIELDS {
            return Err(Failure::TooLarge);
        }
        if let Some(claimed) = part.file_name() {
            let name = clean_name(claimed);
            files.extend((!name.is_empty()).then_some(name));
            while part.chunk().await.map_err(refused)?.is_some() {}
            continue;
        }
        let name = part.name().unwrap_or("").to_owned();
        let mut text = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(refused)? {
            left = left.checked_sub(chunk.len()).ok_or(Failure::TooLarge)?;
            text.extend_from_slice(&chunk);
        }
        fields.push((name, String::from_utf8_lossy(&text).into_owned()));
    }
    Ok((fields, files))
}

async fn upload(field: String, part: Field<'_>) -> Result<Option<Upload>, Failure> {
    let file_name = clean_name(part.file_name().unwrap_or(""));
    let bytes = part.bytes().await.map_err(refused)?;
    let kind = FileKind::of(&bytes);
    Ok((!file_name.is_empty()).then_some(Upload { field, file_name, kind, bytes }))
}

/// Marks such as U+202E make `gpj.exe` look like `exe.jpg`.
fn clean_name(claimed: &str) -> String {
    let last = claimed.rsplit(['/', '\\']).next().unwrap_or("");
    let marks = ['\u{200e}', '\u{200f}', '\u{061c}', '\u{feff}'];
    let unfit = |c: char| {
        c.is_control() || marks.contains(&c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let kept: String = last.chars().filter(|c| !unfit(*c)).take(LONGEST_NAME).collect();
    kept.trim().trim_start_matches('.').to_owned()
}

/// Libraries say "too large" by the status of their answer.
fn refused(rejection: impl IntoResponse) -> Failure {
    let status = rejection.into_response().status();
    Failure::from_status(status).unwrap_or(Failure::BadRequest("web.failure.bad_request.advice"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless() {
        for (claimed, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\foto\\cane.png", "cane.png"),
            ("fattura\u{202e}gpj.exe", "fatturagpj.exe"),
            ("..", ""),
            ("a\0b\n.pdf", "ab.pdf"),
            ("perché.pdf", "perché.pdf"),
        ] {
            assert_eq!(clean_name(claimed), kept);
        }
        assert_eq!(clean_name(&"x".repeat(500)).len(), LONGEST_NAME);
    }

    #[test]
    fn the_first_bytes_tell_the_type() {
        assert_eq!(FileKind::of(b"%PDF-1.7"), FileKind::Pdf);
        assert_eq!(FileKind::of(b"<script>"), FileKind::Other);
        assert_eq!(FileKind::of(b""), FileKind::Other);
    }
}
