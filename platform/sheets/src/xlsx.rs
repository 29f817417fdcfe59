//! Office Open XML (ECMA-376): the smallest workbook that Excel and LibreOffice open without a word.

use std::fmt::Write;

use base::Date;

use crate::{MOST_ROWS, Value, is_decimal, xml, zip::Zip};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
/// Styles of cells: 0 as it comes, 1 a day, 2 two decimals, 3 a heading.
const STYLES: &str = r#"<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>"#;

#[derive(Debug)]
pub(crate) struct Xlsx {
    zip: Zip,
    name: String,
    head: Vec<String>,
    sheets: u32,
    rows: u64,
}

impl Xlsx {
    pub(crate) fn new(name: &str, head: &[&str]) -> Self {
        let head = head.iter().map(|head| (*head).to_owned()).collect();
        let mut xlsx = Self {
            zip: Zip::default(),
            name: name.chars().filter(|letter| !r"[]:*?/\".contains(*letter)).take(24).collect(),
            head,
            sheets: 0,
            rows: 0,
        };
        xlsx.begin();
        xlsx
    }

    pub(crate) fn row(&mut self, values: &[Value<'_>]) {
        if self.rows == MOST_ROWS {
            self.end();
            self.begin();
        }
        self.cells(values, 0);
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.zip.take()
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.end();
        let numbers = 1..=self.sheets;
        let list = |of: &dyn Fn(u32) -> String| numbers.clone().map(of).collect::<String>();
        let name = base::escape_xml(&self.name);
        let sheets = list(&|n| format!(r#"<sheet name="{name} {n}" sheetId="{n}" r:id="rId{n}"/>"#));
        let workbook =
            format!(r#"{HEAD}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>"#);
        let related = list(&|n| {
            format!(r#"<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>"#)
        });
        let related = format!(
            r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{related}<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#
        );
        let parts = list(&|n| {
            format!(r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>"#)
        });
        let types = format!(
            r#"{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>{parts}</Types>"#
        );
        let root = format!(
            r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        );
        self.zip.whole("xl/workbook.xml", &workbook);
        self.zip.whole("xl/_rels/workbook.xml.rels", &related);
        self.zip.whole("xl/styles.xml", &format!(r#"{HEAD}<styleSheet xmlns="{SHEET}">{STYLES}</styleSheet>"#));
        self.zip.whole("[Content_Types].xml", &types);
        self.zip.whole("_rels/.rels", &root);
        self.zip.finish()
    }

    fn begin(&mut self) {
        self.sheets += 1;
        self.rows = 0;
        self.zip.begin("xl/worksheets/sheet{}.xml", self.sheets);
        let begins = r#"<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>"#;
        self.zip.text.push_str(&format!(r#"{HEAD}<worksheet xmlns="{SHEET}">{begins}"#));
        let head = self.head.clone();
        self.cells(&head.iter().map(|head| Value::Text(head)).collect::<Vec<_>>(), 3);
    }

    fn end(&mut self) {
        self.zip.text.push_str("</sheetData></worksheet>");
    }

    fn cells(&mut self, values: &[Value<'_>], style: u8) {
        self.rows += 1;
        self.zip.text.push_str("<row>");
        for value in values {
            cell(&mut self.zip.text, *value, style);
        }
        self.zip.text.push_str("</row>");
        self.zip.gathered();
    }
}

fn cell(out: &mut String, value: Value<'_>, style: u8) {
    let written = match value {
        Value::Empty => write!(out, "<c/>"),
        Value::Whole(number) => write!(out, "<c><v>{number}</v></c>"),
        Value::Day(day) if day >= FIRST => write!(out, r#"<c s="1"><v>{}</v></c>"#, serial(day)),
        Value::Decimal(decimal) if is_decimal(decimal) => write!(out, r#"<c s="2"><v>{decimal}</v></c>"#),
        Value::Day(day) => return cell(out, Value::Text(&day.to_string()), style),
        Value::Decimal(text) | Value::Text(text) => {
            out.push_str(&format!(r#"<c t="inlineStr" s="{style}"><is><t xml:space="preserve">"#));
            xml::push(out, &unmistaken(text));
            write!(out, "</t></is></c>")
        }
    };
    written.expect("a text in memory takes what is written");
}

/// Before it Excel counts a day that never was, 29 February 1900.
const FIRST: Date = base::Date::constant(1900, 3, 1);

/// Days since 30 December 1899.
fn serial(day: Date) -> i64 {
    let zero = Date::constant(1899, 12, 30);
    day.duration_since(zero).as_hours() / 24
}

/// `_x0041_` in a text is the letter A for Excel: its first sign is written as such a code itself (ECMA-376, 22.9.2.19).
fn unmistaken(text: &str) -> String {
    let coded = |rest: &str| {
        let code = rest.as_bytes().get(..7);
        code.is_some_and(|code| {
            code.starts_with(b"_x") && code[6] == b'_' && code[2..6].iter().all(u8::is_ascii_hexdigit)
        })
    };
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        if letter == '_' && coded(&text[at..]) {
            out.push_str("_x005F");
        }
        out.push(letter);
    }
    out
}
