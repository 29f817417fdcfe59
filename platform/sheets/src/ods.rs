//! OpenDocument spreadsheet (ISO/IEC 26300, version 1.3).

use std::fmt::Write;

use crate::{Format, MOST_ROWS, Value, is_decimal, xml, zip::Zip};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
const NAMES: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3""#;
const STYLES: &str = r#"<office:automatic-styles><number:date-style style:name="N1"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style><number:number-style style:name="N2"><number:number number:decimal-places="2" number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style><style:style style:name="d" style:family="table-cell" style:data-style-name="N1"/><style:style style:name="n" style:family="table-cell" style:data-style-name="N2"/><style:style style:name="h" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>"#;

#[derive(Debug)]
pub(crate) struct Ods {
    zip: Zip,
    name: String,
    head: Vec<String>,
    sheets: u32,
    rows: u64,
}

impl Ods {
    pub(crate) fn new(name: &str, head: &[&str]) -> Self {
        let mut zip = Zip::default();
        let kind = Format::Ods.media_type();
        zip.store("mimetype", kind.as_bytes()); // first and plain, so that the file tells what it is
        zip.whole(
            "META-INF/manifest.xml",
            &format!(
                r#"{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"#
            ),
        );
        zip.begin("content.xml", 0);
        zip.text.push_str(&format!("{HEAD}<office:document-content {NAMES}>{STYLES}<office:body><office:spreadsheet>"));
        let head = head.iter().map(|head| (*head).to_owned()).collect();
        let mut ods = Self { zip, name: base::escape_xml(name), head, sheets: 0, rows: 0 };
        ods.begin();
        ods
    }

    pub(crate) fn row(&mut self, values: &[Value<'_>]) {
        if self.rows == MOST_ROWS {
            self.zip.text.push_str("</table:table>");
            self.begin();
        }
        self.cells(values, "");
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.zip.take()
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.zip.text.push_str("</table:table></office:spreadsheet></office:body></office:document-content>");
        self.zip.finish()
    }

    fn begin(&mut self) {
        self.sheets += 1;
        self.rows = 0;
        self.zip.text.push_str(&format!(r#"<table:table table:name="{} {}">"#, self.name, self.sheets));
        let columns = self.head.len().max(1);
        self.zip.text.push_str(&format!(r#"<table:table-column table:number-columns-repeated="{columns}"/>"#));
        let head = self.head.clone();
        self.zip.text.push_str("<table:table-header-rows>");
        self.cells(&head.iter().map(|head| Value::Text(head)).collect::<Vec<_>>(), r#" table:style-name="h""#);
        self.zip.text.push_str("</table:table-header-rows>");
    }

    fn cells(&mut self, values: &[Value<'_>], style: &str) {
        self.rows += 1;
        self.zip.text.push_str("<table:table-row>");
        for value in values {
            cell(&mut self.zip.text, *value, style);
        }
        self.zip.text.push_str("</table:table-row>");
        self.zip.gathered();
    }
}

fn cell(out: &mut String, value: Value<'_>, style: &str) {
    let written = match value {
        Value::Empty => write!(out, "<table:table-cell/>"),
        Value::Whole(number) => {
            write!(out, r#"<table:table-cell office:value-type="float" office:value="{number}"/>"#)
        }
        Value::Day(day) => {
            write!(
                out,
                r#"<table:table-cell table:style-name="d" office:value-type="date" office:date-value="{day}"/>"#
            )
        }
        Value::Decimal(decimal) if is_decimal(decimal) => {
            write!(
                out,
                r#"<table:table-cell table:style-name="n" office:value-type="float" office:value="{decimal}"/>"#
            )
        }
        Value::Decimal(text) | Value::Text(text) => {
            out.push_str(&format!(r#"<table:table-cell{style} office:value-type="string">"#));
            for line in text.split('\n') {
                out.push_str("<text:p>");
                paragraph(out, line);
                out.push_str("</text:p>");
            }
            write!(out, "</table:table-cell>")
        }
    };
    written.expect("a text in memory takes what is written");
}

/// Spaces that follow one another, and tabulators, are signs of their own (OpenDocument 1.3, part 3, 6.1.2).
fn paragraph(out: &mut String, line: &str) {
    let mut before = ' ';
    for letter in line.trim_end_matches('\r').chars() {
        match letter {
            ' ' if before == ' ' => out.push_str("<text:s/>"),
            '\t' => out.push_str("<text:tab/>"),
            _ => xml::push(out, letter.encode_utf8(&mut [0; 4])),
        }
        before = letter;
    }
}
