//! What only rules read: the record before the save, and the records of lists.

use super::{World, check_table, outcome, parsed, refusal};
use crate::expr::{Function, Scope, Type, parse};

/// The same order where no rule is.
struct Outside;

impl Scope for Outside {
    fn root(&self, name: &str) -> Option<Type> {
        World.root(name).filter(|_| name != "old")
    }

    fn member(&self, record: &str, name: &str) -> Option<Type> {
        World.member(record, name)
    }

    fn names(&self) -> Vec<String> {
        World.names()
    }
}

#[test]
fn the_record_before() {
    check_table(
        &Type::Bool,
        &[
            ("old.status == OPEN", "true"),
            ("old.status == OPEN && status == DRAFT", "true"),
            ("old.customer.level == SILVER", "true"),
            ("old.shipped == null", "false"),
            ("old.count == null", "true"),
            ("old == null", "true"),
            ("changed(status)", "true"),
            ("changed(name)", "false"),
            ("changed(customer)", "true"),
            ("changed(shipped)", "true"),
            ("changed(count)", "true"),
            ("changed(none)", "false"),
            ("changed(rate)", "false"),
            ("changed(tags)", "true"),
            ("!changed(name) && changed(status)", "true"),
        ],
        outcome,
    );
    let paths = parsed("changed(status) && old.name == 'x'", &Type::Bool).unwrap().paths();
    let paths: Vec<String> = paths.iter().map(|path| path.join(".")).collect();
    assert_eq!(paths, ["status", "old.status", "old.name"]);
}

#[test]
fn days_of_instants() {
    check_table(
        &Type::Date,
        &[
            ("date(placed)", "2024-01-31"),
            ("date(late)", "2024-02-01"),
            ("addDays(date(now()), 1)", "2024-03-01"),
            ("date('2024-12-31T20:00:00Z')", "2025-01-01"),
            ("date(null)", "null"),
        ],
        outcome,
    );
    check_table(
        &Type::Date,
        &[
            ("date(ordered)", "expected a date and time, found a date"),
            ("date()", "`date` has the wrong number of arguments (write `date(instant)`)"),
        ],
        refusal,
    );
}

#[test]
fn records_of_lists() {
    check_table(
        &Type::Bool,
        &[
            ("lines.exists(l, l.quantity > 5)", "true"),
            ("lines.exists(l, l.quantity > 9)", "null"),
            ("lines.exists(l, l.quantity == null)", "true"),
            ("lines.all(l, l.quantity > 5)", "false"),
            ("lines.all(l, l.quantity > 1)", "null"),
            ("lines.all(l, coalesce(l.quantity, 9) > 1)", "true"),
            ("nothing.exists(l, true)", "false"),
            ("nothing.all(l, false)", "true"),
            ("customer.lines.all(l, l.quantity == 1)", "true"),
            ("lines.exists(l, l.item.level == GOLD && l.quantity == count)", "true"),
            ("!lines.exists(l, l.quantity == 3) || active", "true"),
            ("lines.exists(l, l.quantity == 2 ? status == DRAFT : false)", "true"),
            ("lines.count(l, l.quantity > 1) == 2", "true"),
        ],
        outcome,
    );
    check_table(
        &Type::Int,
        &[
            ("lines.count(l, true)", "3"),
            ("lines.count(l, l.quantity > 1)", "2"),
            ("nothing.count(l, true)", "0"),
            ("lines.count(l, l.quantity + biggest > 0)", "error: a number is too large"),
        ],
        outcome,
    );
}

#[test]
fn what_a_list_reads_is_told_apart() {
    let text = "active && lines.exists(l, l.quantity == count && l.item.level == GOLD)";
    let parsed = parsed(text, &Type::Bool).unwrap();
    let shown = |paths: Vec<Vec<String>>| -> Vec<String> {
        paths.iter().map(|path| path.join(".")).collect()
    };
    assert_eq!(shown(parsed.paths()), ["active", "lines", "count"]);
    let [over] = parsed.over_lists()[..] else { panic!("one list") };
    assert_eq!(shown(over.read_of_each()), ["quantity", "item.level"]);
    assert_eq!(over.object, "Line");
    assert!(!parsed.calls(Function::Changed));
}

#[test]
fn refused_over_lists() {
    check_table(
        &Type::Bool,
        &[
            ("codes.exists(x, x == 1)", "this is no list of records"),
            ("viewer.exists(x, true)", "this is no list of records"),
            ("(lines).exists(l, l.quantity)", "expected true or false, found a whole number"),
            ("lines.exists(l, l.quantiy > 1)", "`l` has no field `quantiy`"),
            ("lines.exists(l, l.quantity > 1) && l.quantity > 1", "unknown name `l`"),
            ("lines.exists(name, true)", "`name` means something else already"),
            (
                "lines.exists(l, lines.exists(m, true))",
                "a condition over a list cannot look through another",
            ),
            (
                "lines.exists(l)",
                "`exists` is not written this way (write `list.exists(x, condition)`)",
            ),
            (
                "lines.count(1, true) > 0",
                "`count` is not written this way (write `list.count(x, condition)`)",
            ),
            (
                "exists(lines, l, true)",
                "`exists` is not written this way (write `list.exists(x, condition)`)",
            ),
            ("lines.exist(l, true)", "unknown function `exist` (did you mean `exists`?)"),
            ("lines == null", "unknown name `lines`"),
        ],
        refusal,
    );
}

#[test]
fn refused_of_the_record_before() {
    check_table(
        &Type::Bool,
        &[
            ("old.statuss == OPEN", "`old` has no field `statuss` (did you mean `status`?)"),
            ("changed(customer.level)", "`changed` needs one field of the record itself"),
            ("changed(viewer)", "`changed` needs one field of the record itself"),
            ("changed(old)", "`changed` needs one field of the record itself"),
            ("changed(1)", "`changed` needs one field of the record itself"),
            ("changed(statuss)", "unknown name `statuss` (did you mean `status`?)"),
            (
                "changed(status, name)",
                "`changed` has the wrong number of arguments (write `changed(field)`)",
            ),
            (
                "each.quantity > 1",
                "`each` is there in rules only (say with `for` which lines a rule goes over)",
            ),
        ],
        refusal,
    );
}

#[test]
fn only_rules_know_what_was() {
    let told = |text: &str| {
        let refused = parse(text, &Outside, &Type::Bool).unwrap_err();
        refused[0].message.en.to_string()
    };
    assert_eq!(told("old.status == OPEN"), "`old` is there in rules only");
    assert_eq!(told("status == old"), "`old` is there in rules only");
    assert_eq!(told("changed(status)"), "`changed` is there in rules only");
    assert_eq!(told("lines.exists(l, true)"), "records of a list are looked through in rules only");
}
