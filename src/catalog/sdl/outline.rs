//! What a definition text is made of: definitions, their members and directives, each with its place in bytes.
//!
//! Every byte belongs to one definition or to the end of the text: blanks and comments to the definition or member
//! that they stand before, but those on the line of one to that one.

use std::ops::Range;

use super::tokens::{SdlToken, SdlTokenKind, rest_of_line, tokens};

/// A directive: `@field(label: "…")`.
#[derive(Debug, Clone)]
pub(in crate::catalog) struct DirectiveOutline {
    pub(in crate::catalog) name: String,
    /// From `@` to its end.
    pub(in crate::catalog) range: Range<usize>,
    /// The place behind its name, where arguments begin.
    pub(in crate::catalog) named: usize,
    /// The place of `)`, if it has arguments.
    pub(in crate::catalog) closes: Option<usize>,
    /// The arguments with the places of their values.
    pub(in crate::catalog) arguments: Vec<(String, Range<usize>)>,
}

/// A field or a picklist value.
#[derive(Debug, Clone)]
pub(in crate::catalog) struct MemberOutline {
    pub(in crate::catalog) name: String,
    /// The place of its name.
    pub(in crate::catalog) named: Range<usize>,
    /// From the end of what stands before it.
    pub(in crate::catalog) whole: Range<usize>,
    /// From its description to its last directive.
    pub(in crate::catalog) core: Range<usize>,
    /// The place behind its type, or its name where it has none.
    pub(in crate::catalog) typed: usize,
    pub(in crate::catalog) directives: Vec<DirectiveOutline>,
}

impl MemberOutline {
    /// Whether it has a directive.
    pub(in crate::catalog) fn has(&self, name: &str) -> bool {
        self.directives.iter().any(|directive| directive.name == name)
    }
}

/// The members of a definition, with the places of its braces.
#[derive(Debug, Clone)]
pub(in crate::catalog) struct MembersOutline {
    pub(in crate::catalog) opens: usize,
    pub(in crate::catalog) closes: usize,
    pub(in crate::catalog) all: Vec<MemberOutline>,
}

/// A definition or an extension.
#[derive(Debug, Clone)]
pub(in crate::catalog) struct DefinitionOutline {
    pub(in crate::catalog) name: String,
    pub(in crate::catalog) extend: bool,
    /// Of an enum, not a type.
    pub(in crate::catalog) list: bool,
    /// From the end of what stands before it.
    pub(in crate::catalog) whole: Range<usize>,
    /// From its description to its end.
    pub(in crate::catalog) core: Range<usize>,
    /// The place behind its name.
    pub(in crate::catalog) named: usize,
    pub(in crate::catalog) directives: Vec<DirectiveOutline>,
    pub(in crate::catalog) members: Option<MembersOutline>,
}

impl DefinitionOutline {
    pub(in crate::catalog) fn member(&self, name: &str) -> Option<&MemberOutline> {
        self.members.iter().flat_map(|members| &members.all).find(|member| member.name == name)
    }
}

/// The definitions of a text, in order. None for a text that has something else or cannot be read.
pub(in crate::catalog) fn outline(text: &str) -> Option<Vec<DefinitionOutline>> {
    let tokens = tokens(text)?;
    let mut reader = Reader { text, tokens: &tokens, at: 0, done: 0 };
    let mut units = Vec::new();
    while reader.at < tokens.len() {
        units.push(reader.unit()?);
    }
    Some(units)
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [SdlToken],
    at: usize,
    /// The end of what was read, with the rest of its line.
    done: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&'t SdlToken> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'t SdlToken> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    fn is(&self, sign: char) -> bool {
        self.peek().is_some_and(|token| token.kind == SdlTokenKind::Sign(sign))
    }

    /// The place of a sign that must come.
    fn sign(&mut self, sign: char) -> Option<usize> {
        let token = self.next().filter(|token| token.kind == SdlTokenKind::Sign(sign))?;
        Some(token.range.start)
    }

    fn name(&mut self) -> Option<(&'t str, Range<usize>)> {
        let token = self.next().filter(|token| token.kind == SdlTokenKind::Name)?;
        Some((self.text.get(token.range.clone())?, token.range.clone()))
    }

    /// The place where a definition or member begins, behind its description.
    fn described(&mut self) -> Option<usize> {
        let start = self.peek()?.range.start;
        if self.peek()?.kind == SdlTokenKind::Text {
            self.at += 1;
        }
        Some(start)
    }

    /// The end of what was read last.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.range.end)
    }

    /// What was read from `start` on, with all that stands before it and on its line.
    fn closed(&mut self, start: usize) -> (Range<usize>, Range<usize>) {
        let core = start..self.end();
        let whole = self.done..rest_of_line(self.text, core.end);
        self.done = whole.end;
        (whole, core)
    }

    fn unit(&mut self) -> Option<DefinitionOutline> {
        let (before, start) = (self.done, self.described()?);
        let (mut keyword, _) = self.name()?;
        let extend = keyword == "extend";
        if extend {
            keyword = self.name()?.0;
        }
        if !matches!(keyword, "type" | "enum" | "union") {
            return None;
        }
        let list = keyword == "enum";
        let (name, place) = self.name()?;
        let directives = self.directives()?;
        let members = if self.is('{') { Some(self.members(list)?) } else { None };
        if keyword == "union" && self.is('=') {
            self.united()?;
        }
        self.done = before;
        let (whole, core) = self.closed(start);
        let name = name.to_owned();
        Some(DefinitionOutline {
            name,
            extend,
            list,
            whole,
            core,
            named: place.end,
            directives,
            members,
        })
    }

    /// Reads the objects of a union, `= Customer | Lead`.
    fn united(&mut self) -> Option<()> {
        self.sign('=')?;
        if self.is('|') {
            self.at += 1;
        }
        self.name()?;
        while self.is('|') {
            self.at += 1;
            self.name()?;
        }
        Some(())
    }

    fn members(&mut self, list: bool) -> Option<MembersOutline> {
        let opens = self.sign('{')?;
        self.done = opens + 1;
        let mut all = Vec::new();
        while !self.is('}') {
            all.push(self.member(list)?);
        }
        let closes = self.sign('}')?;
        Some(MembersOutline { opens, closes, all })
    }

    fn member(&mut self, list: bool) -> Option<MemberOutline> {
        let start = self.described()?;
        let (name, place) = self.name()?;
        let mut typed = place.end;
        if !list {
            if self.is('(') {
                self.balanced()?;
            }
            self.sign(':')?;
            typed = self.ty()?;
        }
        let directives = self.directives()?;
        let (whole, core) = self.closed(start);
        let name = name.to_owned();
        Some(MemberOutline { name, named: place, whole, core, typed, directives })
    }

    /// Reads a type, `[Customer!]!`; the place behind it.
    fn ty(&mut self) -> Option<usize> {
        let mut open = 0_usize;
        while self.is('[') {
            self.at += 1;
            open += 1;
        }
        self.name()?;
        loop {
            if self.is('!') {
                self.at += 1;
            }
            if open == 0 {
                return Some(self.end());
            }
            self.sign(']')?;
            open -= 1;
        }
    }

    fn directives(&mut self) -> Option<Vec<DirectiveOutline>> {
        let mut all = Vec::new();
        while let Some(start) = self.peek().filter(|_| self.is('@')).map(|sign| sign.range.start) {
            self.at += 1;
            let (name, place) = self.name()?;
            let (name, named) = (name.to_owned(), place.end);
            let range = start..named;
            let mut directive =
                DirectiveOutline { name, range, named, closes: None, arguments: Vec::new() };
            if self.is('(') {
                self.at += 1;
                while !self.is(')') {
                    let (name, _) = self.name()?;
                    self.sign(':')?;
                    let value = self.value()?;
                    directive.arguments.push((name.to_owned(), value));
                }
                directive.closes = Some(self.sign(')')?);
                directive.range.end = self.end();
            }
            all.push(directive);
        }
        Some(all)
    }

    fn value(&mut self) -> Option<Range<usize>> {
        let first = self.peek()?;
        match first.kind {
            SdlTokenKind::Sign('[' | '{') => self.balanced(),
            SdlTokenKind::Sign(_) => None,
            _ => {
                self.at += 1;
                Some(first.range.clone())
            }
        }
    }

    /// Reads from a bracket to the one that closes it.
    fn balanced(&mut self) -> Option<Range<usize>> {
        let start = self.peek()?.range.start;
        let mut open = 0_usize;
        loop {
            match self.next()?.kind {
                SdlTokenKind::Sign('(' | '[' | '{') => open += 1,
                SdlTokenKind::Sign(')' | ']' | '}') => open = open.checked_sub(1)?,
                _ => {}
            }
            if open == 0 {
                return Some(start..self.end());
            }
        }
    }
}
