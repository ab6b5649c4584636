//! Scans the text before the grammar's parser: its tokens, its bounds, its plain mistakes.
//!
//! The grammar's parser recurses, so nesting and chaining are bounded here. The mistakes that people make
//! most often get messages of their own here. Must not know types or names.

use super::{ExprError, MAX_CHARS, MAX_NESTING, messages};
use crate::base::Message;

/// The deepest tree that a text may represent, brackets and operator chains together.
const MAX_DEPTH: usize = 128;

/// Names of macros that the grammar would expand and that are not part of the language.
const MACROS: &[&str] = &["has", "exists_one", "existsOne", "map", "filter"];

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name,
    Number,
    Text,
    Sign,
}

/// One token, with its byte offset in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) text: &'a str,
}

/// The tokens of a text that is within bounds and free of plain mistakes.
pub(super) fn scan(text: &str) -> Result<Vec<Token<'_>>, ExprError> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(ExprError::new(messages::too_long(MAX_CHARS), None));
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(ExprError::new(messages::empty(), None));
    }
    check_macros(&tokens)?;
    check_depth(&tokens)?;
    Ok(tokens)
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, ExprError> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let blank = blank_length(rest);
        if blank > 0 {
            start += blank;
            continue;
        }
        let (kind, length) = token_length(rest, start)?;
        let token = Token { kind, start, text: rest.get(..length).unwrap_or(rest) };
        if kind == TokenKind::Text {
            check_prefix(tokens.last(), start)?;
        }
        start += token.text.len().max(1);
        tokens.push(token);
    }
    Ok(tokens)
}

/// The length of the white space or comment at the start of a text.
fn blank_length(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    rest.find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r')).unwrap_or(rest.len())
}

/// The kind and the length of the token at the start of `rest`.
fn token_length(rest: &str, at: usize) -> Result<(TokenKind, usize), ExprError> {
    let mut chars = rest.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else {
        return Ok((TokenKind::Sign, 0));
    };
    if first.is_ascii_alphabetic() || first == '_' {
        return Ok((TokenKind::Name, name_length(rest)));
    }
    let fraction = first == '.' && second.is_some_and(|c| c.is_ascii_digit());
    if first.is_ascii_digit() || fraction {
        return Ok((TokenKind::Number, number_length(rest)));
    }
    if matches!(first, '"' | '\'') {
        return Ok((TokenKind::Text, text_length(rest, first, at)?));
    }
    sign_length(first, second, at).map(|length| (TokenKind::Sign, length))
}

fn name_length(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

fn number_length(rest: &str) -> usize {
    let mut previous = ' ';
    let mut pairs = rest.char_indices().peekable();
    while let Some((index, c)) = pairs.next() {
        let next_is_digit = pairs.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        let exponent_sign = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E');
        let inside = c.is_ascii_alphanumeric() || ((c == '.' || exponent_sign) && next_is_digit);
        if !inside {
            return index;
        }
        previous = c;
    }
    rest.len()
}

fn text_length(rest: &str, quote: char, at: usize) -> Result<usize, ExprError> {
    let triple = [quote; 3].iter().collect::<String>();
    if rest.starts_with(&triple) {
        let error = ExprError::new(messages::triple_quotes(), Some(at));
        return Err(error.hint(messages::write_single_quotes()));
    }
    let mut chars = rest.char_indices().skip(1);
    while let Some((index, c)) = chars.next() {
        match c {
            _ if c == quote => return Ok(index + 1),
            '\n' | '\r' => break,
            '\\' => {
                let Some((_, escaped)) = chars.next() else { break };
                check_escape(rest, index, escaped, at)?;
            }
            _ => {}
        }
    }
    let error = ExprError::new(messages::open_text(), Some(at));
    Err(error.hint(messages::end_with(quote)))
}

fn check_escape(rest: &str, index: usize, escaped: char, at: usize) -> Result<(), ExprError> {
    let known = match escaped {
        '\\' | '"' | '\'' | 'n' | 'r' | 't' => true,
        'u' => rest
            .get(index + 2..index + 6)
            .is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit())),
        _ => false,
    };
    if known {
        return Ok(());
    }
    let error = ExprError::new(messages::unknown_escape(escaped), Some(at + index));
    Err(error.hint(messages::write_backslash()))
}

fn sign_length(first: char, second: Option<char>, at: usize) -> Result<usize, ExprError> {
    let refuse = |message: Message, hint: Option<Message>| {
        Err(ExprError { hint, ..ExprError::new(message, Some(at)) })
    };
    match (first, second) {
        ('=' | '!' | '<' | '>', Some('=')) | ('&', Some('&')) | ('|', Some('|')) => Ok(2),
        ('=', _) => refuse(messages::unexpected('='), Some(messages::write_compare())),
        ('&', _) => refuse(messages::unexpected('&'), Some(messages::write_for("&&", "and"))),
        ('|', _) => refuse(messages::unexpected('|'), Some(messages::write_for("||", "or"))),
        ('{' | '}', _) => refuse(messages::no_maps(), None),
        (
            '!' | '<' | '>' | '+' | '-' | '*' | '/' | '%' | '?' | ':' | '.' | ',' | '(' | ')' | '['
            | ']',
            _,
        ) => Ok(1),
        (c, _) if c.is_control() => refuse(messages::unexpected_control(), None),
        (c, _) if c.is_ascii() => refuse(messages::unexpected(c), None),
        (c, _) => refuse(messages::unexpected(c), Some(messages::write_straight_quotes())),
    }
}

/// Refuses `b"..."` and `r"..."`, which the grammar would accept.
fn check_prefix(last: Option<&Token<'_>>, start: usize) -> Result<(), ExprError> {
    match last {
        Some(last) if last.kind == TokenKind::Name && last.start + last.text.len() == start => {
            let message = messages::unexpected_prefix(last.text);
            Err(ExprError::new(message, Some(last.start)))
        }
        _ => Ok(()),
    }
}

fn check_macros(tokens: &[Token<'_>]) -> Result<(), ExprError> {
    for pair in tokens.windows(2) {
        if let [name, open] = pair
            && open.text == "("
            && name.kind == TokenKind::Name
            && MACROS.contains(&name.text)
        {
            let message = messages::no_such_word(name.text);
            return Err(ExprError::new(message, Some(name.start)));
        }
    }
    Ok(())
}

/// One pair of brackets that is still open, and the depth of the tree in it so far.
#[derive(Default)]
struct Level<'a> {
    open: Option<Token<'a>>,
    chained: usize,
    branches: usize,
}

/// Refuses unbalanced brackets, and trees too deep for a recursive parser.
fn check_depth(tokens: &[Token<'_>]) -> Result<(), ExprError> {
    let mut levels = vec![Level::default()];
    for token in tokens {
        match token.text {
            "(" | "[" => {
                count(&mut levels, token);
                levels.push(Level { open: Some(*token), ..Level::default() });
            }
            ")" | "]" => close(&mut levels, token)?,
            _ => count(&mut levels, token),
        }
        check_bounds(&levels, token)?;
    }
    match levels.last().and_then(|level| level.open) {
        Some(open) => Err(ExprError::new(messages::not_closed(open.text), Some(open.start))),
        None => Ok(()),
    }
}

fn count(levels: &mut [Level<'_>], token: &Token<'_>) {
    let Some(level) = levels.last_mut() else { return };
    match token.text {
        "," => (level.chained, level.branches) = (0, 0),
        "&&" | "||" | ":" => level.chained = 0,
        "?" => (level.chained, level.branches) = (0, level.branches + 1),
        _ if token.kind == TokenKind::Sign || token.text == "in" => level.chained += 1,
        _ => {}
    }
}

fn close(levels: &mut Vec<Level<'_>>, token: &Token<'_>) -> Result<(), ExprError> {
    let expected = match levels.last().and_then(|level| level.open).map(|open| open.text) {
        Some("(") => ")",
        Some("[") => "]",
        _ => "",
    };
    if expected == token.text {
        levels.pop();
        return Ok(());
    }
    let error = ExprError::new(messages::unexpected(token.text), Some(token.start));
    Err(if expected.is_empty() { error } else { error.hint(messages::expected_sign(expected)) })
}

fn check_bounds(levels: &[Level<'_>], token: &Token<'_>) -> Result<(), ExprError> {
    if levels.len() > MAX_NESTING + 1 {
        return Err(ExprError::new(messages::too_deep(MAX_NESTING), Some(token.start)));
    }
    let depth: usize = levels.iter().map(|level| level.chained + level.branches).sum();
    if depth > MAX_DEPTH {
        let error = ExprError::new(messages::too_chained(MAX_DEPTH), Some(token.start));
        return Err(error.hint(messages::split()));
    }
    Ok(())
}
