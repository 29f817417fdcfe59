use super::{
    Letter,
    document::{Block, Inline},
};

/// The letter as an HTML fragment, complete with letterhead, to be put inside a page that names it in a heading above.
pub(crate) fn fragment(letter: &Letter, blocks: &[Block]) -> String {
    let mut out = String::new();
    out.push_str("<article class=\"sp-letter\" lang=\"it\">\n<header class=\"sp-letter-head\">\n");
    line(&mut out, "sp-letter-body", &letter.office.body);
    line(&mut out, "sp-letter-office", &letter.office.name);
    line(&mut out, "sp-letter-address", &letter.office.address);
    line(&mut out, "sp-letter-pec", &format!("PEC {}", letter.office.pec));
    out.push_str("</header>\n");
    line(&mut out, "sp-letter-protocol", &letter.protocol);
    line(
        &mut out,
        "sp-letter-recipient",
        &format!("{}, codice fiscale {}", letter.recipient.name, letter.recipient.fiscal_code),
    );
    out.push_str("<h1>");
    escape(&mut out, &letter.title);
    out.push_str("</h1>\n");
    write_blocks(&mut out, blocks);
    out.push_str("</article>\n");
    out
}

fn line(out: &mut String, class: &str, text: &str) {
    out.push_str("<p class=\"");
    out.push_str(class);
    out.push_str("\">");
    escape(out, text);
    out.push_str("</p>\n");
}

fn write_blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        write_block(out, block);
    }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading { level, text } => {
            let level = level.to_string();
            wrap(out, &format!("h{level}"), "", |out| write_words(out, text));
        }
        Block::Paragraph { text } => wrap(out, "p", "", |out| write_words(out, text)),
        Block::List { ordered, items } => write_list(out, *ordered, items),
        Block::Table { header, rows } => write_table(out, header, rows),
        Block::Pairs { rows } => write_pairs(out, rows),
        Block::Notice { blocks } => wrap(out, "div", " class=\"sp-letter-notice\"", |out| write_blocks(out, blocks)),
        Block::Passage { language, blocks } => {
            let mut attributes = " lang=\"".to_owned();
            escape(&mut attributes, language);
            attributes.push('"');
            wrap(out, "section", &attributes, |out| write_blocks(out, blocks));
        }
    }
}

fn write_list(out: &mut String, ordered: bool, items: &[Vec<Block>]) {
    wrap(out, if ordered { "ol" } else { "ul" }, "", |out| {
        for item in items {
            wrap(out, "li", "", |out| match &item[..] {
                [Block::Paragraph { text }] => write_words(out, text),
                blocks => write_blocks(out, blocks),
            });
        }
    });
}

fn write_table(out: &mut String, header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) {
    let scroll = " class=\"table-responsive\" tabindex=\"0\" role=\"group\" aria-label=\"Tabella\"";
    wrap(out, "div", scroll, |out| {
        wrap(out, "table", " class=\"table\"", |out| {
            wrap(out, "thead", "", |out| {
                wrap(out, "tr", "", |out| {
                    header.iter().for_each(|cell| wrap(out, "th", " scope=\"col\"", |out| write_words(out, cell)));
                });
            });
            wrap(out, "tbody", "", |out| {
                for row in rows {
                    wrap(out, "tr", "", |out| {
                        row.iter().for_each(|cell| wrap(out, "td", "", |out| write_words(out, cell)));
                    });
                }
            });
        });
    });
}

fn write_pairs(out: &mut String, rows: &[[Vec<Inline>; 2]]) {
    wrap(out, "dl", " class=\"sp-letter-pairs\"", |out| {
        for [name, value] in rows {
            wrap(out, "dt", "", |out| write_words(out, name));
            wrap(out, "dd", "", |out| write_words(out, value));
        }
    });
}

fn write_words(out: &mut String, words: &[Inline]) {
    for word in words {
        match word {
            Inline::Text { text } => escape(out, text),
            Inline::Strong { content } => inline(out, "strong", "", content),
            Inline::Emphasis { content } => inline(out, "em", "", content),
            Inline::Link { to, content } => {
                let mut attributes = " href=\"".to_owned();
                escape(&mut attributes, to);
                attributes.push('"');
                inline(out, "a", &attributes, content);
            }
            Inline::Break => out.push_str("<br>"),
        }
    }
}

fn inline(out: &mut String, tag: &str, attributes: &str, content: &[Inline]) {
    out.push_str(&format!("<{tag}{attributes}>"));
    write_words(out, content);
    out.push_str(&format!("</{tag}>"));
}

fn wrap(out: &mut String, tag: &str, attributes: &str, content: impl FnOnce(&mut String)) {
    out.push_str(&format!("<{tag}{attributes}>"));
    content(out);
    out.push_str(&format!("</{tag}>\n"));
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
