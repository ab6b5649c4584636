//! Parses text to the grammar's tree, and puts the grammar's errors into our words.
//!
//! The grammar and its parser belong to the crate `cel`. Only this file calls it, and its failure must not
//! end a request. Must not know types or names.

use std::thread;

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::{ParseError, ParseErrors, Parser};

use super::scan::{Token, scan};
use super::{ExprError, messages};

/// The stack of the grammar's parser. Unoptimised, it uses some 64 KiB for a pair of brackets.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// A text that the grammar accepts.
pub(super) struct Parsed<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// The grammar's tree.
    pub(super) root: IdedExpr,
    info: SourceInfo,
}

impl Parsed<'_> {
    /// The offset of a node in the text.
    pub(super) fn offset(&self, id: u64) -> Option<usize> {
        self.info.offset_for(id).and_then(|(start, _)| usize::try_from(start).ok())
    }

    /// The token from which a node was made, as written.
    pub(super) fn token(&self, id: u64) -> Option<&str> {
        let (start, stop) = self.info.offset_for(id)?;
        self.text.get(usize::try_from(start).ok()?..=usize::try_from(stop).ok()?)
    }
}

/// Parses a text with the grammar.
pub(super) fn parse(text: &str) -> Result<Parsed<'_>, ExprError> {
    let tokens = scan(text)?;
    match read_apart(text) {
        Some(Ok((root, info))) => Ok(Parsed { text, root, info }),
        Some(Err(errors)) => Err(translate(text, &tokens, errors.errors.first())),
        None => Err(ExprError::new(messages::unreadable(), None)),
    }
}

/// Runs the grammar's parser on a stack of its own. It can then neither exhaust the caller's stack, nor end
/// the caller with a panic. `None` if the parser failed altogether.
fn read_apart(text: &str) -> Option<Result<(IdedExpr, SourceInfo), ParseErrors>> {
    let read = || {
        let parser = Parser::new().max_recursion_depth(256).error_recovery_limit(4);
        parser.parse_with_source_info(text)
    };
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, read);
        reader.ok()?.join().ok()
    })
}

/// The parser's first error in our words.
fn translate(text: &str, tokens: &[Token<'_>], error: Option<&ParseError>) -> ExprError {
    let Some(error) = error else {
        return ExprError::new(messages::unreadable(), None);
    };
    let offset = byte_offset(text, error.pos);
    let token = offset.and_then(|at| tokens.iter().find(|t| t.start + t.text.len() > at));
    let Some(token) = token else {
        return ExprError::new(messages::ends_early(), Some(text.len()));
    };
    let at = Some(token.start);
    let shown: String = token.text.chars().take(40).collect();
    match error.msg.as_str() {
        message if message.starts_with("reserved identifier") => {
            ExprError::new(messages::reserved(shown), at)
        }
        message if message.contains("int literal") || message.contains("double literal") => {
            ExprError::new(messages::bad_number(shown), at)
        }
        message if message.contains("string literal") => ExprError::new(messages::bad_escape(), at),
        _ => unexpected(&shown, at),
    }
}

fn unexpected(shown: &str, at: Option<usize>) -> ExprError {
    let error = ExprError::new(messages::unexpected(shown), at);
    match shown.to_ascii_lowercase().as_str() {
        "and" => error.hint(messages::write_for("&&", "and")),
        "or" => error.hint(messages::write_for("||", "or")),
        "not" => error.hint(messages::write_for("!", "not")),
        "is" => error.hint(messages::write_null_test()),
        _ => error,
    }
}

/// The byte offset of a parser's line and column, both from 1.
fn byte_offset(text: &str, (line, column): (isize, isize)) -> Option<usize> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..)?;
    let within = rest.char_indices().nth(column).map_or(rest.len(), |(index, _)| index);
    Some(start + within)
}
