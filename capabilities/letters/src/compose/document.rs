use serde::Serialize;

/// What a letter says, before it becomes HTML or PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A heading below the title: level 2 to 4.
    Heading {
        /// 2 to 4; level 1 is the title of the letter.
        level: u8,
        /// Its words.
        text: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: Vec<Inline>,
    },
    /// A list.
    List {
        /// Whether the order matters.
        ordered: bool,
        /// Each item is a sequence of blocks.
        items: Vec<Vec<Block>>,
    },
    /// A table with a row of column headings.
    Table {
        /// The headings of the columns.
        header: Vec<Vec<Inline>>,
        /// The rows, each as long as the header.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Names and values: in Markdown, a table of two columns whose headings are empty.
    Pairs {
        /// Name and value.
        rows: Vec<[Vec<Inline>; 2]>,
    },
    /// What must not be overlooked: in Markdown, a block quotation.
    Notice {
        /// What it says.
        blocks: Vec<Block>,
    },
    /// A part in another language: in Markdown, what follows a heading with `{lang=en}`.
    Passage {
        /// BCP 47 tag.
        language: String,
        /// What it says.
        blocks: Vec<Block>,
    },
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Inline {
    /// Plain text.
    Text {
        /// The words.
        text: String,
    },
    /// Important words.
    Strong {
        /// The words.
        content: Vec<Inline>,
    },
    /// Stressed words.
    Emphasis {
        /// The words.
        content: Vec<Inline>,
    },
    /// A link, to a web or mail address only.
    Link {
        /// Where it leads.
        to: String,
        /// Its words.
        content: Vec<Inline>,
    },
    /// A line ends here.
    Break,
}

/// The words without markup.
#[must_use]
pub fn plain(text: &[Inline]) -> String {
    let mut out = String::new();
    for inline in text {
        match inline {
            Inline::Text { text } => out.push_str(text),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                out.push_str(&plain(content));
            }
            Inline::Break => out.push(' '),
        }
    }
    out
}
