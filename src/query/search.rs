//! Search: finds records that have every word in some searched field. A field is searched if its object
//! declares it and the caller sees it on every record. What names the record is then found by its spelling in
//! pinyin, too.

use sea_orm::sea_query::{Alias, Expr, ExprTrait};

use super::{
    compile::Compiler,
    faults,
    filter::{Filter, constant},
};
use crate::{
    base::{Result, folding::folded, pinyin::asked_spelling, text},
    catalog::ObjectIx,
    sql::{Match, SearchWord, all_of, any_of, gram_query, gram_tables, spelling_query, text_match},
};

/// The longest search text, in characters.
const LONGEST: usize = 200;
/// The largest number of words in a search.
const WORDS: usize = 10;

impl Filter {
    /// The filter for a search text. White space separates words, in every script. `None` if there are no
    /// words; an error if the text is too long.
    pub fn search(text: &str) -> Result<Option<Self>> {
        let text = &text::composed(text);
        let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        let long = |text: &str| text.chars().count() > LONGEST;
        if long(text) || long(&folded(text)) || words.len() > WORDS {
            return Err(faults::long_search(WORDS, LONGEST));
        }
        // Neither database stores U+0000, so no record can match.
        if text.contains('\0') {
            return Ok(Some(Self::Or(Vec::new())));
        }
        Ok((!words.is_empty()).then_some(Self::Search(words)))
    }
}

impl Compiler<'_> {
    /// `t1.id IN (SELECT …) AND (t1.name ~ $1 OR t1.code ~ $2) AND (t1.name ~ $3 OR …)`, on SQLite with
    /// `GLOB`. The index finds the records that may have the words in any of their fields. The other
    /// conditions check the fields that the caller sees.
    ///
    /// A word that may be pinyin has one condition more, `OR t1.id IN (SELECT …)`: the index knows spellings
    /// exactly. They are asked for only if the caller sees the spelt field on every record.
    pub(super) fn search(&self, object: ObjectIx, alias: &str, words: &[String]) -> Result<Expr> {
        let fields = self.plan.searched.get(&object).map(Vec::as_slice).unwrap_or_default();
        let id = Expr::col((Alias::new(alias), Alias::new("id")));
        let known = self.catalog.object(object);
        // The index contains only current values.
        let indexed = self.plan.past.is_none();
        let spelt = indexed && gram_tables::spelt(known).is_some_and(|ix| fields.contains(&ix));
        let spellings: Vec<_> =
            words.iter().map(|word| asked_spelling(word).filter(|_| spelt)).collect();
        let asked = || words.iter().map(String::as_str).zip(&spellings);
        let mut all = Vec::with_capacity(words.len() + 1);
        if indexed {
            let query =
                asked().map(|(text, spelling)| SearchWord { text, spelling: spelling.as_deref() });
            let query = gram_query(self.dialect, query);
            all.push(id.clone().in_subquery(gram_tables::found(self.dialect, known, query)));
        }
        for (word, spelling) in asked() {
            let mut any = Vec::with_capacity(fields.len() + 1);
            for ix in fields {
                let column = self.column(alias, known.field(*ix))?;
                any.push(text_match(self.dialect, column, Match::Contains, word));
            }
            if let Some(spelling) = spelling {
                let query = spelling_query(self.dialect, spelling);
                any.push(id.clone().in_subquery(gram_tables::found(self.dialect, known, query)));
            }
            all.push(any_of(any).unwrap_or_else(|| constant(false)));
        }
        Ok(all_of(all).unwrap_or_else(|| constant(true)))
    }
}
