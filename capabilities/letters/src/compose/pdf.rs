//! The PDF: PDF/A-2a (to be kept) and PDF/UA-1 (to be read by everybody) in one file.
//!
//! The layout is a fixed typst program that reads the letter as data from a virtual file: nothing of a letter is ever
//! parsed as typst.

use std::sync::LazyLock;

use qrcode::{EcLevel, QrCode, render::svg};
use serde::Serialize;
use typst::{
    Feature, Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::{Letter, document::Block};

/// Set pages are remembered over so many letters, so that letterheads are laid out once; memory stays bounded.
const REMEMBERED: usize = 3;
/// The one family that letters are set in; it knows Latin, Greek, Cyrillic and Hebrew script.
const FAMILY: &str = "Libertinus Serif";
/// Takes the place of a character for which no typeface is carried.
const SUBSTITUTE: char = '□';

#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    letter: &'a Letter,
    blocks: &'a [Block],
}

/// Sets a letter.
pub(crate) fn set(letter: &Letter, blocks: &[Block]) -> Result<Vec<u8>, String> {
    let data = serde_json::to_string(&Data { letter, blocks }).map_err(|error| error.to_string())?;
    let sheet = Sheet { data: bytes(PRESS.printable(&data)), code: bytes(code(&letter.check_url)?) };
    let document = typst::compile(&sheet).output.map_err(|errors| told(&errors))?;
    let pdf = typst_pdf::pdf(&document, &options(letter)?).map_err(|errors| told(&errors));
    typst::comemo::evict(REMEMBERED);
    pdf
}

fn options(letter: &Letter) -> Result<PdfOptions, String> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
    Ok(PdfOptions {
        ident: Smart::Custom(letter.id.clone()),
        creator: Smart::Custom(Some("Sportello".to_owned())),
        timestamp: instant(letter.issued).map(Timestamp::new_utc),
        standards: standards.map_err(|error| error.message().to_string())?,
        ..PdfOptions::default()
    })
}

fn instant(at: base::Timestamp) -> Option<Datetime> {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |number: i8| u8::try_from(number).ok();
    let (month, day) = (part(at.month())?, part(at.day())?);
    Datetime::from_ymd_hms(at.year().into(), month, day, part(at.hour())?, part(at.minute())?, part(at.second())?)
}

/// The QR code as SVG. Level M bears a crease or a stain on 15% of it.
fn code(url: &str) -> Result<String, String> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).map_err(|error| error.to_string())?;
    Ok(code.render::<svg::Color<'_>>().quiet_zone(false).build())
}

fn told(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

fn bytes(text: String) -> Bytes {
    Bytes::from_string(text)
}

/// What every letter shares: library, typefaces, layout.
struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    layout: Source,
    data: FileId,
    code: FileId,
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let faces = typst_assets::fonts().flat_map(|face| Font::iter(Bytes::new(face)));
    let fonts: Vec<_> = faces.filter(|font| font.info().family == FAMILY).collect();
    let features = [Feature::A11yExtras].into_iter().collect();
    Press {
        library: LazyHash::new(Library::builder().with_features(features).build()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        layout: Source::new(file("letter.typ"), include_str!("letter.typ").to_owned()),
        data: file("letter.json"),
        code: file("code.svg"),
    }
});

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the three names are literals without special parts");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl Press {
    /// PDF/A refuses a file in which a character has no glyph or no meaning of its own (private use): a name in a
    /// script that we have no typeface for must not keep the letter from being made. The HTML keeps it as it is. Every
    /// face must know a character, since emphasis changes the face.
    fn printable(&self, text: &str) -> String {
        let private = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
        let covered = |c: char| self.fonts.iter().all(|font| font.info().coverage.contains(c.into()));
        text.chars().map(|c| if c.is_ascii() || (!private(c) && covered(c)) { c } else { SUBSTITUTE }).collect()
    }
}

/// One letter on the press, as typst sees the world: three virtual files, no disk, no clock, no network.
struct Sheet {
    data: Bytes,
    code: Bytes,
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &PRESS.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &PRESS.book
    }

    fn main(&self) -> FileId {
        PRESS.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == PRESS.layout.id() { Ok(PRESS.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id {
            id if id == PRESS.data => Ok(self.data.clone()),
            id if id == PRESS.code => Ok(self.code.clone()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        PRESS.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
