/// The types of file that people attach. Which of them a question takes is the service's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// JPEG picture.
    Jpeg,
    /// PNG picture.
    Png,
    /// TIFF picture, as scanners make it.
    Tiff,
    /// Anything else.
    Other,
}

impl FileKind {
    /// The types that can be told apart, and so attached.
    pub const KNOWN: [Self; 4] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Tiff];

    /// By the first bytes, whatever the name says.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Self::Png,
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Self::Tiff,
            _ => Self::Other,
        }
    }

    /// The kind that was stored as this media type.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Self {
        Self::KNOWN.into_iter().find(|kind| kind.media_type() == media_type).unwrap_or(Self::Other)
    }

    /// The kind of files that end in `.extension`, in lower case; `None` where it is none that can be attached.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|kind| kind.extensions().contains(&extension))
    }

    /// How names of such files end, the usual ending first.
    #[must_use]
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Tiff => &["tif", "tiff"],
            Self::Other => &[],
        }
    }

    /// A name whose ending says what the file is: machines open files by their endings, whatever they hold.
    #[must_use]
    pub fn named(self, name: &str) -> String {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match (ending, self.extensions()) {
            (Some(ending), known) if known.contains(&ending.as_str()) => name.to_owned(),
            (_, [usual, ..]) => format!("{name}.{usual}"),
            (_, []) => format!("{name}.bin"),
        }
    }

    /// The media type to store and to send.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::Other => "application/octet-stream",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_name_says_what_the_file_is() {
        for (kind, name, named) in [
            (FileKind::Pdf, "delega.pdf", "delega.pdf"),
            (FileKind::Pdf, "Delega.PDF", "Delega.PDF"),
            (FileKind::Pdf, "fattura.hta", "fattura.hta.pdf"),
            (FileKind::Jpeg, "foto.jpeg", "foto.jpeg"),
            (FileKind::Png, "foto", "foto.png"),
            (FileKind::Other, "dati.js", "dati.js.bin"),
        ] {
            assert_eq!(kind.named(name), named);
        }
    }
}
