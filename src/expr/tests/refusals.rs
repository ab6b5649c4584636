//! Refused texts, with their messages.

use super::{check_table, parsed, refusal, status};
use crate::expr::Type;

#[test]
fn names() {
    check_table(
        &Type::Bool,
        &[
            ("amuont > 1", "unknown name `amuont` (did you mean `amount`?)"),
            ("zzzzzz > 1", "unknown name `zzzzzz`"),
            ("today > ordered", "unknown name `today` (write `today()`)"),
            (
                "viewer.departmnt == 'a'",
                "`viewer` has no field `departmnt` (did you mean `department`?)",
            ),
            ("amount.level == 1", "`amount` has no fields, it is a decimal number"),
            (
                "status == DRAFTT",
                "`DRAFTT` is not a value of picklist `Status` (did you mean `DRAFT`?)",
            ),
            (
                "status in [OPEN, CLOSD]",
                "`CLOSD` is not a value of picklist `Status` (did you mean `CLOSED`?)",
            ),
            (
                "status == 'draft'",
                "`draft` is not a value of picklist `Status` (did you mean `DRAFT`?)",
            ),
            ("DRAFT == OPEN", "unknown name `DRAFT`"),
            ("HOTT in tags", "`HOTT` is not a value of picklist `Tag` (did you mean `HOT`?)"),
            ("customer.level == DRAFT", "`DRAFT` is not a value of picklist `Level`"),
            ("upperr(name) == 'A'", "unknown function `upperr` (did you mean `upper`?)"),
            ("upper(name).level", "a field can only be read from a record"),
            (".name == 'a'", "unknown name `.name` (did you mean `name`?)"),
        ],
        refusal,
    );
    check_table(
        &status(),
        &[
            ("DRAFTY", "`DRAFTY` is not a value of picklist `Status` (did you mean `DRAFT`?)"),
            ("stauts", "`stauts` is not a value of picklist `Status` (did you mean `status`?)"),
            ("name", "expected a value of picklist `Status`, found text"),
            ("level", "expected a value of picklist `Status`, found a value of picklist `Level`"),
            ("1", "expected a value of picklist `Status`, found a whole number"),
        ],
        refusal,
    );
}

#[test]
fn types() {
    check_table(
        &Type::Bool,
        &[
            ("amount", "expected true or false, found a decimal number"),
            ("amount && active", "expected true or false, found a decimal number"),
            ("!count", "expected true or false, found a whole number"),
            ("amount == name", "`==` cannot mix a decimal number and text"),
            ("amount == 'a'", "expected a decimal number, found text"),
            (
                "status == level",
                "`==` cannot mix a value of picklist `Status` and a value of picklist `Level`",
            ),
            ("status < OPEN", "`<` cannot compare a value of picklist `Status`"),
            ("active < true", "`<` cannot compare true or false"),
            ("viewer == customer", "`==` cannot mix a record of `User` and a record of `Customer`"),
            ("ordered == placed", "`==` cannot mix a date and a date and time"),
            ("ordered > '2024-13-01'", "`2024-13-01` is not a date (write a date as '2024-12-31')"),
            ("viewer == 'me'", "`me` is not an id"),
            ("extra == extra", "`==` cannot compare JSON"),
            ("tags == [HOT]", "`==` cannot compare a list (of a value of picklist `Tag`)"),
            ("count in amount", "`in` needs a list on its right, found a decimal number"),
            ("count in ['a']", "expected a whole number, found text"),
            ("name in codes", "expected a whole number, found text"),
            ("active ? 1 : name", "`?:` cannot mix a whole number and text"),
            ("[1, true] == null", "a list cannot mix a whole number and true or false"),
        ],
        refusal,
    );
    check_table(
        &Type::Int,
        &[
            ("amount", "expected a whole number, found a decimal number (use `floor` or `ceil`)"),
            ("1 / 2", "expected a whole number, found a decimal number (use `floor` or `ceil`)"),
            ("name + 1", "`+` cannot combine text and a whole number"),
            (
                "ordered + 1",
                "`+` cannot combine a date and a whole number (use `addDays(date, days)`)",
            ),
            (
                "today() - ordered",
                "`-` cannot combine a date and a date (use `daysBetween(from, to)`)",
            ),
            ("-name", "`-` needs a number, found text"),
            ("active * 2", "`*` cannot combine true or false and a whole number"),
        ],
        refusal,
    );
}

#[test]
fn functions() {
    check_table(
        &Type::Int,
        &[
            ("abs()", "`abs` has the wrong number of arguments (write `abs(number)`)"),
            ("abs(1, 2)", "`abs` has the wrong number of arguments (write `abs(number)`)"),
            (
                "coalesce(1)",
                "`coalesce` has the wrong number of arguments (write `coalesce(a, b, ...)`)",
            ),
            ("abs(name)", "`abs` needs a number, found text"),
            ("name.size()", "`size` is not written this way (write `size(text or list)`)"),
            (
                "contains(name, 'a')",
                "`contains` is not written this way (write `text.contains(part)`)",
            ),
            ("size(1)", "expected text, found a whole number"),
            ("year(now())", "expected a date, found a date and time"),
            ("min(status, OPEN)", "`min` cannot compare a value of picklist `Status`"),
            ("max(1, name)", "`max` cannot mix a whole number and text"),
            ("round(1.5, count)", "`round` needs its digits written as 0 to 10"),
            ("round(1.5, 11)", "`round` needs its digits written as 0 to 10"),
            ("sleep(10)", "unknown function `sleep`"),
            ("cel.bind(x, 1, x)", "unknown function `bind`"),
        ],
        refusal,
    );
}

#[test]
fn syntax() {
    check_table(
        &Type::Bool,
        &[
            ("", "the expression is empty"),
            ("  // nothing", "the expression is empty"),
            ("1 +", "the expression ends too early"),
            ("amount > 1 and active", "unexpected `and` (write `&&` for and)"),
            ("amount > 1 or active", "unexpected `or` (write `||` for or)"),
            ("amount = 1", "unexpected `=` (write `==` to compare)"),
            ("active & active", "unexpected `&` (write `&&` for and)"),
            ("amount <> 1", "unexpected `>`"),
            ("(amount > 1", "`(` is not closed"),
            ("amount > 1)", "unexpected `)`"),
            ("(amount > 1]", "unexpected `]` (expected `)`)"),
            ("name == 'abc", "text is not closed (end it with `'`)"),
            ("name == 'a\nb'", "text is not closed (end it with `'`)"),
            ("name == 'a\\qb'", "unknown escape `\\q` in text (write `\\\\` for a backslash)"),
            ("name == '\\u0000'", "text cannot hold the zero character"),
            ("name == '\\ud800'", "the text has an escape that is no character"),
            ("name == “a”", "unexpected `“` (write text between straight quotes)"),
            ("金额 > 1", "unexpected `金` (write text between straight quotes)"),
            ("active; active", "unexpected `;`"),
            ("`name` == 'a'", "unexpected ```"),
            ("{'a': 1} == null", "maps are not part of the language"),
            ("b'a' == null", "unexpected `b` before text"),
            ("r'a' == null", "unexpected `r` before text"),
            (
                "'''a''' == null",
                "text in triple quotes is not part of the language (write text between single quotes)",
            ),
            ("codes[0] == 1", "items cannot be read by their index (use `in` to look into a list)"),
            ("codes.exists_one(x, x == 1)", "`exists_one` is not part of the language"),
            ("has(customer.level)", "`has` is not part of the language"),
            ("codes.map(x, x + 1) == null", "`map` is not part of the language"),
            ("1u == 1", "write whole numbers without `u`"),
            (
                "9223372036854775808 > 1",
                "the number `9223372036854775808` is too large or malformed",
            ),
            ("1e400 > 1", "the number `1e400` is too large or malformed"),
            ("1e40 > 1", "the number `1e40` has too many digits"),
            (
                "0.12345678901234567890123456789 > 1",
                "the number `0.12345678901234567890123456789` has too many digits",
            ),
            ("package == 1", "`package` is a reserved word"),
            ("name.?first == 'a'", "unexpected `.`"),
        ],
        refusal,
    );
}

#[test]
fn every_error_is_found_in_order() {
    let errors = parsed("amuont > 1 && nmae == 'x' && !count", &Type::Bool).unwrap_err();
    let found: Vec<_> = errors.iter().map(|error| (error.offset, &*error.message.en)).collect();
    assert_eq!(
        found,
        [
            (Some(0), "unknown name `amuont`"),
            (Some(14), "unknown name `nmae`"),
            (Some(30), "expected true or false, found a whole number"),
        ]
    );
}

#[test]
fn offsets_are_bytes() {
    let errors = parsed("'贸易' == nmae", &Type::Bool).unwrap_err();
    assert_eq!(errors[0].offset, Some(12));
    let errors = parsed("active &&\n  '贸易' == name and active", &Type::Bool).unwrap_err();
    assert_eq!(errors[0].offset, Some(29));
}
