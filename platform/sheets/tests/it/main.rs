//! Files as those see them who open them.

use std::io::Read;

use base::Date;
use flate2::read::DeflateDecoder;
use proptest::prelude::*;
use sheets::{Format, MOST_ROWS, Value, Writer};

const DAY: Date = Date::constant(2026, 11, 21);

fn written(format: Format, head: &[&str], rows: &[Vec<Value<'_>>]) -> Vec<u8> {
    let mut writer = Writer::new(format, "Pratiche", head);
    let mut bytes = Vec::new();
    for row in rows {
        writer.row(row);
        bytes.extend(writer.take());
    }
    bytes.extend(writer.finish());
    bytes
}

/// A part of an archive by the directory at its end, as programs find it.
fn part(archive: &[u8], name: &str) -> Option<String> {
    let number = |at: usize, bytes: usize| {
        archive[at..at + bytes].iter().rev().fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
    };
    let end = archive.len() - 22;
    assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
    let mut at = number(end + 16, 4);
    for _ in 0..number(end + 10, 2) {
        assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
        let (method, packed, plain, offset) =
            (number(at + 10, 2), number(at + 20, 4), number(at + 24, 4), number(at + 42, 4));
        let length = number(at + 28, 2);
        if &archive[at + 46..at + 46 + length] == name.as_bytes() {
            assert_eq!(&archive[offset..offset + 4], b"PK\x03\x04");
            let content = &archive[offset + 30 + length..][..packed];
            let mut text = String::new();
            match method {
                0 => text.push_str(std::str::from_utf8(content).unwrap()),
                _ => drop(DeflateDecoder::new(content).read_to_string(&mut text).unwrap()),
            }
            assert_eq!(text.len(), plain);
            return Some(text);
        }
        at += 46 + length;
    }
    None
}

/// The texts of a sheet, row by row.
fn texts(format: Format, archive: &[u8]) -> Vec<Vec<String>> {
    let (name, row, cell) = match format {
        Format::Ods => ("content.xml", "table-row", "table-cell"),
        _ => ("xl/worksheets/sheet1.xml", "row", "c"),
    };
    let xml = part(archive, name).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let named = |name: &'static str| move |node: &roxmltree::Node<'_, '_>| node.tag_name().name() == name;
    let text = |cell: roxmltree::Node<'_, '_>| {
        let (mut text, mut paragraphs) = (String::new(), 0);
        for node in cell.descendants() {
            match node.tag_name().name() {
                "s" => text.push(' '),
                "tab" => text.push('\t'),
                "p" => {
                    paragraphs += 1;
                    text.push_str(if paragraphs > 1 { "\n" } else { "" });
                }
                _ => text.push_str(node.text().filter(|_| node.is_text()).unwrap_or("")),
            }
        }
        text
    };
    let rows = document.descendants().filter(named(row));
    rows.map(|row| row.children().filter(named(cell)).map(text).collect()).collect()
}

#[test]
fn csv_is_what_an_italian_spreadsheet_opens() {
    let rows = vec![vec![
        Value::Text("Verdi; Anna"),
        Value::Decimal("1914.30"),
        Value::Day(DAY),
        Value::Whole(7),
        Value::Empty,
    ]];
    let bytes = written(Format::Csv, &["Nome", "Importo", "Data", "N", "Note"], &rows);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text, "\u{feff}Nome;Importo;Data;N;Note\r\n\"Verdi; Anna\";1914,30;21/11/2026;7;\r\n");
}

#[test]
fn a_text_is_never_computed_by_who_opens_the_csv() {
    for text in ["=1+1", "+39 06", "-2", "@SUM(A1)", "\t=1", " =1", "＝1+1", "\r=1"] {
        let csv = String::from_utf8(written(Format::Csv, &["x"], &[vec![Value::Text(text)]])).unwrap();
        let cell = csv.split_once("\r\n").unwrap().1.trim_start_matches('"');
        assert!(cell.starts_with('\''), "{text:?}: {csv:?}");
    }
    let csv = String::from_utf8(written(Format::Csv, &["x"], &[vec![Value::Text("a\t=1+1")]])).unwrap();
    assert!(csv.ends_with("\"a\t=1+1\"\r\n"), "a tabulator begins no cell: {csv:?}");
    let csv = String::from_utf8(written(Format::Csv, &["x"], &[vec![Value::Decimal("=1")]])).unwrap();
    assert!(csv.ends_with("'=1\r\n"), "what is no decimal is a text");
}

#[test]
fn workbooks_say_what_they_are() {
    let ods = written(Format::Ods, &["a"], &[]);
    assert_eq!(&ods[30..38], b"mimetype");
    assert_eq!(part(&ods, "mimetype").as_deref(), Some(Format::Ods.media_type()));
    assert!(part(&ods, "META-INF/manifest.xml").unwrap().contains("content.xml"));
    let xlsx = written(Format::Xlsx, &["a"], &[]);
    for name in ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
    {
        roxmltree::Document::parse(&part(&xlsx, name).unwrap()).unwrap();
    }
}

#[test]
fn numbers_and_days_are_numbers_and_days() {
    let rows = vec![vec![Value::Decimal("914.30"), Value::Day(DAY), Value::Whole(-3)]];
    let xlsx = part(&written(Format::Xlsx, &["a", "b", "c"], &rows), "xl/worksheets/sheet1.xml").unwrap();
    assert!(xlsx.contains(r#"<c s="2"><v>914.30</v></c><c s="1"><v>46347</v></c><c><v>-3</v></c>"#), "{xlsx}");
    let ods = part(&written(Format::Ods, &["a", "b", "c"], &rows), "content.xml").unwrap();
    for said in [r#"office:value="914.30""#, r#"office:date-value="2026-11-21""#, r#"office:value="-3""#] {
        assert!(ods.contains(said), "{said}: {ods}");
    }
}

#[test]
fn a_sheet_that_is_full_is_followed_by_another_and_memory_does_not_grow() {
    let mut writer = Writer::new(Format::Xlsx, "Pratiche", &["Numero"]);
    let (mut bytes, mut largest) = (Vec::new(), 0);
    for number in 0..i64::try_from(MOST_ROWS).unwrap() {
        writer.row(&[Value::Whole(number)]);
        if number % 1000 == 0 {
            let piece = writer.take();
            largest = largest.max(piece.len());
            bytes.extend(piece);
        }
    }
    bytes.extend(writer.finish());
    assert!(largest < 100_000, "{largest} bytes waited at once");
    let first = part(&bytes, "xl/worksheets/sheet1.xml").unwrap();
    let second = part(&bytes, "xl/worksheets/sheet2.xml").unwrap();
    assert_eq!(first.matches("<row>").count() as u64, MOST_ROWS);
    assert_eq!(second.matches("<row>").count(), 2, "the headings again, and the one that had no room");
    assert!(part(&bytes, "xl/workbook.xml").unwrap().contains("Pratiche 2"));
}

proptest! {
    #[test]
    fn every_text_comes_back(texts_in in prop::collection::vec("[\\PC\\t\\n]{0,20}", 1..4)) {
        for format in [Format::Ods, Format::Xlsx] {
            let row: Vec<_> = texts_in.iter().map(|text| Value::Text(text)).collect();
            let head: Vec<_> = texts_in.iter().map(|_| "x").collect();
            let rows = texts(format, &written(format, &head, &[row]));
            // XML cannot hold these; a code that Excel would read is escaped.
            let held = |text: &String| text.replace(['\u{fffe}', '\u{ffff}'], "");
            for (told, text) in rows[1].iter().zip(texts_in.iter().map(held)) {
                prop_assert_eq!(told.replace("_x005F", ""), text, "{:?}", format);
            }
        }
    }

    #[test]
    fn a_csv_value_never_leaves_its_cell(text in "[;\",\\r\\na-c=]{0,12}") {
        let csv = String::from_utf8(written(Format::Csv, &["x"], &[vec![Value::Text(&text), Value::Whole(7)]])).unwrap();
        let row = csv.split_once("\r\n").unwrap().1.strip_suffix("\r\n").unwrap();
        let cell = row.strip_suffix(";7").unwrap();
        let told = match cell.strip_prefix('"') {
            Some(quoted) => {
                let inside = quoted.strip_suffix('"').unwrap();
                prop_assert_eq!(inside.replace("\"\"", "").matches('"').count(), 0);
                inside.replace("\"\"", "\"")
            }
            None => {
                prop_assert!(!cell.contains([';', '"', '\r', '\n']));
                cell.to_owned()
            }
        };
        prop_assert_eq!(told.strip_prefix('\'').unwrap_or(&told), &text);
    }
}
