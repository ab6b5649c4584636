//! The values of expressions: numbers, text, dates, null logic, picklists and records.

use super::{check_table, level, outcome, parsed, status, tags};
use crate::expr::{Node, Type};

#[test]
fn whole_numbers() {
    check_table(
        &Type::Int,
        &[
            ("1 + 2 * 3", "7"),
            ("(1 + 2) * 3", "9"),
            ("-5 + 2", "-3"),
            ("-count", "-7"),
            ("- -count", "7"),
            ("7 % 4", "3"),
            ("-7 % 4", "-3"),
            ("7 % 0", "null"),
            ("-9223372036854775808 % -1", "0"),
            ("9223372036854775807", "9223372036854775807"),
            ("biggest + 1", "error: a number is too large"),
            ("biggest * biggest", "error: a number is too large"),
            ("-biggest - 2", "error: a number is too large"),
            ("none + 1", "null"),
            ("null + 1", "null"),
            ("abs(-4)", "4"),
            ("abs(-biggest - 1)", "error: a number is too large"),
            ("floor(2.7)", "2"),
            ("floor(-2.1)", "-3"),
            ("ceil(2.1)", "3"),
            ("ceil(5)", "5"),
            ("floor(1e20)", "error: a number is too large"),
            ("min(3, 2)", "2"),
            ("max(3, count)", "7"),
            ("max(none, 1)", "null"),
            ("coalesce(none, 9)", "9"),
            ("coalesce(none, none, null)", "null"),
            ("coalesce(count, biggest + 1)", "7"),
            ("size('贸易')", "2"),
            ("size('')", "0"),
            ("size(tags)", "1"),
            ("size(note)", "null"),
            ("0x10", "16"),
            ("active ? 1 : 2", "1"),
            ("unknown ? 1 : 2", "2"),
            ("null ? 1 : 2", "2"),
            ("1 + // one\n 1", "2"),
        ],
        outcome,
    );
}

#[test]
fn exact_decimals() {
    check_table(
        &Type::Decimal,
        &[
            ("0.1 + 0.2", "0.3d"),
            ("0.1 * 3", "0.3d"),
            ("amount * 0.17", "17.085d"),
            ("amount + 1", "101.5d"),
            ("rate", "2d"),
            ("rate / 3", "0.6666666667d"),
            ("1 / 3", "0.3333333333d"),
            ("2 / 4", "0.5d"),
            ("1 / 0", "null"),
            ("amount / (rate - 2)", "null"),
            ("amount % 0.0", "null"),
            ("10.5 % 4", "2.5d"),
            ("3", "3d"),
            ("count", "7d"),
            ("missing * 2", "null"),
            ("-0.5", "-0.5d"),
            ("-amount", "-100.50d"),
            (".5", "0.5d"),
            ("1.5e3", "1500d"),
            ("1.5e-3", "0.0015d"),
            ("1E2", "100d"),
            ("0.0", "0d"),
            ("-0.0", "0d"),
            ("12345678901234567.89", "12345678901234567.89d"),
            ("0.1234567890123456789012345678", "0.1234567890123456789012345678d"),
            ("round(2.345, 2)", "2.35d"),
            ("round(-2.5, 0)", "-3d"),
            ("round(amount / 3, 2)", "33.5d"),
            ("round(missing, 2)", "null"),
            ("abs(-1.50)", "1.5d"),
            ("round(-0.001, 2)", "0d"),
            ("-1 * 0.0", "0d"),
            ("-(0.0)", "0d"),
            ("-(amount - amount)", "0d"),
            ("min(1, 0.5)", "0.5d"),
            ("max(1, 0.5)", "1d"),
            ("coalesce(missing, 0)", "0d"),
            ("active ? 1 : 0.5", "1d"),
            ("1e28 * 1e28", "error: a number is too large"),
            ("7e27 * 100", "error: a number is too large"),
            ("null", "null"),
        ],
        outcome,
    );
}

#[test]
fn three_valued_logic() {
    check_table(
        &Type::Bool,
        &[
            ("true && true", "true"),
            ("true && false", "false"),
            ("unknown && false", "false"),
            ("false && unknown", "false"),
            ("unknown && true", "null"),
            ("true && null", "null"),
            ("unknown || true", "true"),
            ("true || unknown", "true"),
            ("unknown || false", "null"),
            ("null || null", "null"),
            ("!unknown", "null"),
            ("!active", "false"),
            ("!!active", "true"),
            ("false && biggest + 1 > 0", "false"),
            ("none == 1", "null"),
            ("none != 1", "null"),
            ("none < 1", "null"),
            ("none == none", "null"),
            ("none == null", "true"),
            ("null != count", "true"),
            ("count == null", "false"),
            ("null == null", "true"),
            ("extra == null", "true"),
            ("missing + 1 == null", "true"),
            ("nobody.level == null", "true"),
            ("nobody.level == GOLD", "null"),
            ("nobody.owner.name == 'x'", "null"),
            ("active ? null : true", "null"),
            ("1 < null", "null"),
        ],
        outcome,
    );
}

#[test]
fn comparisons_and_membership() {
    check_table(
        &Type::Bool,
        &[
            ("amount > 100", "true"),
            ("amount == 100.5", "true"),
            ("1 == 1.0", "true"),
            ("count <= 7", "true"),
            ("count >= 8", "false"),
            ("'a' < 'b'", "true"),
            ("'B' < 'a'", "true"),
            ("ordered < today()", "true"),
            ("placed < now()", "true"),
            ("ordered == '2024-01-31'", "true"),
            ("placed >= '2024-01-31T10:00:00+02:00'", "true"),
            ("viewer == seller", "true"),
            ("customer.owner == viewer", "true"),
            ("viewer.id == seller", "true"),
            ("customer == '00000000-0000-0000-0000-000000000002'", "true"),
            ("count in [1, 7]", "true"),
            ("count in [1, 2.5]", "false"),
            ("amount in [100.5]", "true"),
            ("count in codes", "false"),
            ("1 in codes", "true"),
            ("rate in codes", "true"),
            ("none in [1]", "null"),
            ("count in [1, null]", "null"),
            ("count in [7, null]", "true"),
            ("count in []", "false"),
            ("none in []", "false"),
            ("'North' in [name]", "true"),
            ("name.contains('ort')", "true"),
            ("name.contains('ORT')", "false"),
            ("name.startsWith('No')", "true"),
            ("name.endsWith('th')", "true"),
            ("note.contains('a')", "null"),
            ("customer.name.contains('贸易')", "true"),
            ("viewer.department == name", "true"),
            ("viewer in [seller, null]", "true"),
        ],
        outcome,
    );
}

#[test]
fn picklists_in_conditions() {
    check_table(
        &Type::Bool,
        &[
            ("status == DRAFT", "true"),
            ("DRAFT == status", "true"),
            ("status != OPEN", "true"),
            ("status in [OPEN, CLOSED]", "false"),
            ("status == 'DRAFT'", "true"),
            ("HOT in tags", "true"),
            ("'COLD' in tags", "false"),
            ("DRAFT in [status]", "true"),
            ("customer.level == GOLD && level != SILVER", "true"),
            ("(active ? DRAFT : OPEN) == status", "true"),
            ("(active ? status : OPEN) == DRAFT", "true"),
            ("DRAFT == (active ? status : OPEN)", "true"),
            ("coalesce(status, OPEN) == DRAFT", "true"),
            ("status in (active ? [DRAFT] : [OPEN])", "true"),
            ("name == status", "false"),
            ("status.startsWith('DR')", "true"),
        ],
        outcome,
    );
}

#[test]
fn picklists_as_values() {
    check_table(
        &status(),
        &[
            ("DRAFT", "'DRAFT'"),
            ("'DRAFT'", "'DRAFT'"),
            ("amount > 1000 ? OPEN : CLOSED", "'CLOSED'"),
            ("active ? 'OPEN' : 'CLOSED'", "'OPEN'"),
            ("coalesce(null, OPEN)", "'OPEN'"),
            ("status", "'DRAFT'"),
            ("null", "null"),
        ],
        outcome,
    );
    check_table(&level(), &[("OPEN", "'OPEN'"), ("customer.level", "'GOLD'")], outcome);
    check_table(
        &tags(),
        &[("[HOT, COLD]", "'HOT', 'COLD'"), ("[]", ""), ("['HOT']", "'HOT'"), ("tags", "'HOT'")],
        outcome,
    );
}

#[test]
fn times_of_day() {
    check_table(
        &Type::Time,
        &[("'09:30'", "09:30:00"), ("coalesce(null, '23:59:59')", "23:59:59")],
        outcome,
    );
}

#[test]
fn text() {
    check_table(
        &Type::Text,
        &[
            ("'a' + \"b\"", "'ab'"),
            ("name + ' ' + status", "'North DRAFT'"),
            ("note + 'x'", "null"),
            ("upper('aß')", "'ASS'"),
            ("lower('ÀB')", "'àb'"),
            ("trim('  a ')", "'a'"),
            ("plainText('<p>a &lt; <b>b</b></p><script>c</script>')", "'a < b'"),
            ("plainText(note)", "null"),
            ("customer.owner.name", "'Li Lei'"),
            ("'it\\'s \\u4e2d'", "'it's 中'"),
            ("'he said \"hi\"'", "'he said \"hi\"'"),
            ("'贸易公司🚢'", "'贸易公司🚢'"),
            ("'// no comment'", "'// no comment'"),
            ("active ? status : level", "'DRAFT'"),
            ("coalesce(status, 'none')", "'DRAFT'"),
            ("status", "'DRAFT'"),
            ("''", "''"),
        ],
        outcome,
    );
}

#[test]
fn dates() {
    check_table(
        &Type::Date,
        &[
            ("today()", "2024-02-29"),
            ("'2024-12-31'", "2024-12-31"),
            ("addDays(ordered, 30)", "2024-03-01"),
            ("addDays(today(), -1)", "2024-02-28"),
            ("addDays('2023-12-31', 1)", "2024-01-01"),
            ("addMonths(ordered, 1)", "2024-02-29"),
            ("addMonths(today(), -12)", "2023-02-28"),
            ("addDays(shipped, 1)", "null"),
            ("addDays(ordered, none)", "null"),
            ("addDays(ordered, biggest)", "error: a date is out of range"),
            ("addMonths(ordered, biggest)", "error: a date is out of range"),
            ("addMonths(ordered, -999999)", "error: a date is out of range"),
            ("min(ordered, today())", "2024-01-31"),
            ("coalesce(shipped, ordered)", "2024-01-31"),
        ],
        outcome,
    );
    check_table(
        &Type::Int,
        &[
            ("daysBetween(ordered, today())", "29"),
            ("daysBetween(today(), ordered)", "-29"),
            ("year(today()) * 10000 + month(today()) * 100 + day(today())", "20240229"),
            ("year(shipped)", "null"),
        ],
        outcome,
    );
    check_table(&Type::DateTime, &[("now()", "2024-02-29T10:30:00+00:00")], outcome);
}

#[test]
fn records_and_json() {
    check_table(
        &Type::Record("User".into()),
        &[("viewer", "#1"), ("customer.owner", "#1"), ("viewer.id", "#1"), ("null", "null")],
        outcome,
    );
    check_table(&Type::Id, &[("customer", "#2")], outcome);
    check_table(
        &Type::Json,
        &[("'{\"a\": 0.10}'", "json {\"a\": 0.10}"), ("extra", "null")],
        outcome,
    );
}

#[test]
fn paths_are_each_reported_once() {
    let text = "customer.level == GOLD && (customer.owner == viewer || customer.level == null)";
    let paths = parsed(text, &Type::Bool).unwrap().paths();
    let paths: Vec<String> = paths.iter().map(|path| path.join(".")).collect();
    assert_eq!(paths, ["customer.level", "customer.owner", "viewer"]);
}

#[test]
fn types_are_explicit_in_the_tree() {
    let widened = parsed("count", &Type::Decimal).unwrap();
    assert!(matches!(widened.node(), Node::Widen(_)));
    assert_eq!(*widened.ty(), Type::Decimal);
    let null = parsed("null", &Type::Date).unwrap();
    assert_eq!(*null.ty(), Type::Date);
    let test = parsed("note == null", &Type::Bool).unwrap();
    assert!(matches!(test.node(), Node::IsNull(_)));
}
