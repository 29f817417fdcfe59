use sqlparser::{
    dialect::PostgreSqlDialect,
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace},
};

use crate::{
    diagnostic::{Place, saturate},
    unit::Kind,
};

use super::{Expr, lower::Lowering, names::Names};

/// Longest expression, in tokens that are not blanks: far above any article of law, far below what exhausts the stack.
const MAX_TOKENS: usize = 1_500;
/// Deepest nesting of parentheses and of CASE: the parser calls itself for each.
const MAX_NESTING: usize = 20;

/// Depth of the parser's own calls, which `NOT NOT …` also makes: unoptimised, its default of 50 exhausts a thread's stack.
const MAX_RECURSION: usize = 24;

/// Something wrong in an expression. The place is relative to the expression's text.
#[derive(Debug, Clone)]
pub(crate) struct ExprError {
    pub place: Option<Place>,
    pub message: String,
    pub mend: String,
}

impl ExprError {
    pub fn new(message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { place: None, message: message.into(), mend: mend.into() }
    }

    /// Adds the place, unless a narrower one is known already or the parser does not tell.
    pub fn at(mut self, location: Location) -> Self {
        if self.place.is_none() && location.line > 0 {
            let number = |value: u64| saturate(usize::try_from(value).unwrap_or(usize::MAX));
            self.place = Some(Place { line: number(location.line), column: number(location.column) });
        }
        self
    }
}

/// Reads one expression of `owner` (a relation, or the household).
pub(crate) fn read_expression(text: &str, owner: Option<usize>, names: &mut Names) -> Result<(Expr, Kind), ExprError> {
    let tokens = tokens(text)?;
    let end = tokens.last().map_or(Location::empty(), |token| token.span.start);
    let parser = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(MAX_RECURSION);
    let mut parser = parser.with_tokens_with_locations(tokens);
    let parsed = parser.parse_expr().map_err(|error| syntax(error, end))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(left_over(&parsed, &rest));
    }
    Lowering::new(owner, names).read(&parsed)
}

/// The parser takes a CASE that it cannot read for a name, and stops after it.
fn left_over(parsed: &sqlparser::ast::Expr, rest: &TokenWithSpan) -> ExprError {
    let unread_case =
        matches!(parsed, sqlparser::ast::Expr::Identifier(name) if name.value.eq_ignore_ascii_case("case"));
    let (message, mend) = if unread_case {
        ("il CASE non si legge".to_owned(), "scrivere CASE WHEN condizione THEN valore ELSE valore END")
    } else {
        let message = format!("testo in più dopo l'espressione: `{}`", rest.token);
        (message, "una regola è una sola espressione, senza punto e virgola")
    };
    ExprError::new(message, mend).at(rest.span.start)
}

fn tokens(text: &str) -> Result<Vec<TokenWithSpan>, ExprError> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location().map_err(|error| {
        ExprError::new(
            format!("l'espressione non si legge: {}", error.message),
            "controllare apici e caratteri: i testi stanno fra apici semplici",
        )
        .at(error.location)
    })?;
    let solid = |token: &TokenWithSpan| {
        !matches!(
            token.token,
            Token::Whitespace(
                Whitespace::Space
                    | Whitespace::Newline
                    | Whitespace::Tab
                    | Whitespace::SingleLineComment { .. }
                    | Whitespace::MultiLineComment(_)
            )
        )
    };
    let mut depth = 0usize;
    for (count, token) in tokens.iter().filter(|token| solid(token)).enumerate() {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            Token::Word(ref word) if word.keyword == Keyword::CASE => depth += 1,
            Token::Word(ref word) if word.keyword == Keyword::END => depth = depth.saturating_sub(1),
            _ => {}
        }
        if count >= MAX_TOKENS || depth > MAX_NESTING {
            let mend = "dividerla in più regole con un nome";
            return Err(ExprError::new("espressione troppo lunga o troppo annidata", mend).at(token.span.start));
        }
    }
    Ok(tokens.into_iter().filter(solid).collect())
}

fn syntax(error: ParserError, end: Location) -> ExprError {
    let (ParserError::TokenizerError(message) | ParserError::ParserError(message)) = error else {
        return ExprError::new("espressione troppo annidata", "dividerla in più regole con un nome").at(end);
    };
    let (what, place) = message.split_once(" at Line: ").unwrap_or((&message, ""));
    let (line, column) = place.split_once(", Column: ").unwrap_or(("0", "0"));
    let location = Location { line: line.parse().unwrap_or(0), column: column.parse().unwrap_or(0) };
    let mend = "scrivere un'espressione SQL, per esempio CASE WHEN condizione THEN valore ELSE 0 END";
    ExprError::new(format!("l'espressione non si legge ({what})"), mend).at(location).at(end)
}
