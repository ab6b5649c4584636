//! Numbers the values of a statement: a value that is bound in several places is bound once.
//!
//! `WHERE a = $1 AND b = $2 OR a = $3` with the same value in the first and the last place becomes
//! `WHERE a = $1 AND b = $2 OR a = $1`; SQLite's `?` becomes `?1`.

use crate::sql::Dialect;

/// Up to this many distinct values are compared to find equal ones.
const MANY: usize = 200;

/// The SQL text with numbered places, where equal values share a number; and for each number the index of its
/// first place. `None` for a text that cannot be read for certain.
pub(super) fn numbered<P: PartialEq>(
    dialect: Dialect,
    sql: &str,
    places: &[P],
) -> Option<(String, Vec<usize>)> {
    let mark = match dialect {
        Dialect::Postgres => '$',
        Dialect::Sqlite => '?',
    };
    let mut first: Vec<usize> = Vec::new();
    let mut text = String::with_capacity(sql.len());
    let (mut quote, mut next) = (None, 0);
    let mut rest = sql.chars().peekable();
    while let Some(letter) = rest.next() {
        match (letter, quote) {
            // A backslash means something else in each kind of quote.
            ('\\', _) => return None,
            ('\'' | '"', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            (letter, None) if letter == mark => {
                let mut digits = String::new();
                while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                next += 1;
                // PostgreSQL's places are numbered in their order.
                if dialect == Dialect::Postgres && digits != next.to_string() {
                    return None;
                }
                let place = places.get(next - 1)?;
                let known = match first.len() {
                    // Among so many values, hardly any two are equal.
                    MANY.. => None,
                    _ => first.iter().position(|at| places.get(*at) == Some(place)),
                };
                let number = known.unwrap_or_else(|| {
                    first.push(next - 1);
                    first.len() - 1
                });
                text.push(mark);
                text.push_str(&(number + 1).to_string());
                continue;
            }
            _ => {}
        }
        text.push(letter);
    }
    (next == places.len()).then_some((text, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_places_share_a_number() {
        let postgres = "SELECT '$1', \"a$2\" WHERE a = $1 AND b = $2 OR a = $3 LIMIT 5";
        assert_eq!(
            numbered(Dialect::Postgres, postgres, &["x", "y", "x"]),
            Some((
                "SELECT '$1', \"a$2\" WHERE a = $1 AND b = $2 OR a = $1 LIMIT 5".to_owned(),
                vec![0, 1]
            ))
        );
        let sqlite = "SELECT 'it''s ?' WHERE a = ? AND b = ? OR c = ?";
        assert_eq!(
            numbered(Dialect::Sqlite, sqlite, &["x", "x", "y"]),
            Some(("SELECT 'it''s ?' WHERE a = ?1 AND b = ?1 OR c = ?2".to_owned(), vec![0, 2]))
        );
    }

    #[test]
    fn what_is_not_certain_is_left_alone() {
        assert_eq!(numbered(Dialect::Postgres, "SELECT $2, $1", &[1, 2]), None);
        assert_eq!(numbered(Dialect::Postgres, "SELECT $1", &[1, 2]), None);
        assert_eq!(numbered(Dialect::Sqlite, "SELECT ?, ?", &[1]), None);
        assert_eq!(numbered(Dialect::Sqlite, "SELECT a LIKE ? ESCAPE '\\'", &[1]), None);
    }
}
