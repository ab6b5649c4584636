//! Texts that are meant to harm: none panics, none takes long, none is more than text.

use std::time::{Duration, Instant};

use super::{outcome, parsed, refusal};
use crate::expr::{MAX_CHARS, MAX_NESTING, Type};

/// Checks that a text is refused, or evaluated quickly and soundly, on a thread no larger than a server's.
fn survives(text: &str) {
    let text = text.to_owned();
    let worker = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(move || {
        let started = Instant::now();
        for expected in [Type::Bool, Type::Int, Type::Text, super::status()] {
            let found = outcome(&text, &expected);
            assert_ne!(found, "error: a value does not have the type it was declared with");
        }
        started.elapsed()
    });
    assert!(worker.unwrap().join().unwrap() < Duration::from_secs(20));
}

#[test]
fn length_is_bounded() {
    let long = format!("'{}'", "易".repeat(MAX_CHARS - 2));
    assert!(parsed(&long, &Type::Text).is_ok());
    let longer = format!("'{}'", "易".repeat(MAX_CHARS - 1));
    assert_eq!(refusal(&longer, &Type::Text), "the expression is longer than 4000 characters");
    survives(&"9".repeat(1_000_000));
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parsed(&nested(MAX_NESTING), &Type::Int).is_ok());
    let refused = refusal(&nested(MAX_NESTING + 1), &Type::Int);
    assert_eq!(refused, "brackets are nested deeper than 32");
    survives(&nested(1900));
    survives(&"(".repeat(3999));
    survives(&"[".repeat(3999));
    survives(&"abs(".repeat(900));
}

#[test]
fn chains_are_bounded() {
    let chained = |sign: &str, count: usize| vec!["1"; count].join(sign);
    assert!(parsed(&chained("+", 100), &Type::Int).is_ok());
    let refused = refusal(&chained("+", 200), &Type::Int);
    assert_eq!(refused, "more than 128 operators are chained (split it with `&&` or `||`)");
    for sign in ["+", "-", "*", "<", "==", " in ", "&&", "||", "?", ":", ".", "?1:", ","] {
        survives(&chained(sign, 120));
        survives(&chained(sign, 900));
    }
    survives(&format!("{}active", "!".repeat(3000)));
    survives(&format!("{}1", "-".repeat(120)));
    survives(&format!("customer{}", ".owner".repeat(120)));
    survives(&vec!["active == true"; 250].join(" && "));
}

#[test]
fn deepest_accepted_trees_are_evaluated() {
    let inner = format!("({}1", "1+(".repeat(30));
    let deepest = format!("{}{}1)", inner, ")".repeat(30).replace(')', "+1)"));
    survives(&deepest);
    survives(&format!("{}1{}", "(1+1+1+".repeat(31), ")".repeat(31)));
    survives(&format!("{}1", "active ? 1 : ".repeat(120)));
    survives(&format!("{}1{}", "max(1, ".repeat(31), ")".repeat(31)));
    survives(&format!("{}true{}", "lines.exists(l, ".repeat(31), ")".repeat(31)));
    survives(&format!("lines.all(l, {}l.quantity > 1{})", "(".repeat(29), ")".repeat(29)));
    survives(&format!("{}OPEN{}", "coalesce(status, ".repeat(31), ")".repeat(31)));
}

#[test]
fn text_stays_text() {
    let quoted = "name == \"'; DROP TABLE orders; --\"";
    assert_eq!(outcome(quoted, &Type::Bool), "false");
    for text in ["\"; DROP TABLE orders", "'; DROP TABLE orders; --", "name == \"; DROP TABLE"] {
        assert!(refusal(text, &Type::Bool).starts_with("text is not closed"), "{text}");
    }
    assert_eq!(refusal("name; DROP TABLE orders", &Type::Bool), "unexpected `;`");
}

#[test]
fn odd_texts_are_survived() {
    let odd = [
        "\0",
        "\u{feff}1",
        "🚢",
        "'🚢",
        "\\",
        "'\\",
        "'\\u",
        "'\\u12",
        "\"\\u{1}\"",
        "\u{202e}1",
        "a\u{301}",
        "1e",
        "1e+",
        "0x",
        "0xg",
        "1.2.3",
        "1..2",
        "..",
        ".",
        "()",
        "f(",
        "f(,)",
        "[,]",
        "[1,]",
        "a.b.",
        "a.1",
        "1.a",
        "?",
        ":",
        "?:",
        "a ? b",
        "a ? : b",
        "a ?? b",
        "-",
        "!",
        "--1",
        "!-1",
        "-!1",
        "- - - 1",
        "in",
        "in in in",
        "1 in",
        "true.a",
        "null.a",
        "null()",
        "true()",
        "'a'.b",
        "'a'()",
        "1()",
        "(1)()",
        "[1](2)",
        "f()()",
        "x.y()()",
        "as",
        "if (a) b",
        "let x",
        "a{b: 1}",
        "a.b{c: 1}",
        "{",
        "}",
        "$a",
        "#",
        "@in(1, [1])",
        "_+_(1, 2)",
        "__",
        "_",
        "%",
        "1 % ",
        "/* x */ 1",
        "//",
        "// x\n",
        "\r\n",
        "\t1\t",
        "\u{b}1",
        "\u{c}",
        "\u{a0}1",
        "1\u{2028}",
        "''''",
        "'''",
        "\"\"\"",
        "''''''",
        "b''",
        "rb'x'",
        "1u",
        "0x1u",
        "9e999",
        "1e-999",
        "1e-28",
        "1e28",
        "-9223372036854775808",
        "--9223372036854775808",
        "0xFFFFFFFFFFFFFFFF",
        ".e1",
        "1_000",
        "1f",
        "amount.",
        ".amount",
        "..amount",
        "amount amount",
        "1 1",
        "'a' 'b'",
        "max(",
        "max)",
        "max(1,",
        "addDays('2024-01-01', 9223372036854775807)",
        "addDays('9999-12-31', 1)",
        "a.?b",
        "a[?b]",
        "'{\"a\":' + 1",
        "null + null",
        "null < null",
        "-null",
        "!null",
        "null in null",
        "null in [null]",
        "[] in []",
        "[[1]]",
        "[[1], [2]] == null",
        "1 in [[1]]",
        "min(null, null)",
        "size(null)",
        "round(null, 2)",
        "coalesce(null, null)",
        "changed(null)",
        "changed(tags)",
        "old",
        "old.old",
        "old == old",
        "each",
        "date(null)",
        "lines.exists(",
        "lines.exists(l",
        "lines.exists(l,",
        "lines.exists(l, l)",
        "lines.all(all, all.quantity > 1)",
        "lines.count(l, l.quantity)",
        "lines.exists(l.x, true)",
        "lines.exists('l', true)",
        "lines.exists(@, true)",
        "null.exists(l, true)",
        "[1].exists(l, true)",
        "exists(l, true)",
        "all",
        "count(1)",
        "null ? null : null",
        "abs(null)",
        "upper(null)",
    ];
    for text in odd {
        survives(text);
    }
}

#[test]
fn every_cut_of_a_text_is_survived() {
    let text = "customer.level in [GOLD, 'SILVER'] && round(amount * 1.5e1, 2) >= -0.5 \
                ? name.contains(\"贸\\u4e2d\") : !(ordered == null || max(count, 3) % 2 != 1)";
    assert_ne!(refusal(text, &Type::Bool), "");
    for (index, _) in text.char_indices() {
        let (head, tail) = text.split_at(index);
        survives(head);
        survives(tail);
        survives(&format!("{head}){tail}"));
    }
}

#[test]
fn random_token_soup_is_survived() {
    let tokens = [
        "amount",
        "status",
        "DRAFT",
        "tags",
        "null",
        "true",
        "1",
        "2.5",
        "'x'",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "?",
        ":",
        "+",
        "-",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        "!",
        " in ",
        "coalesce(",
        "max(",
        "upper(",
        "size(",
        "name",
        "customer",
        ".level",
        "today()",
        "ordered",
        "addDays(",
        "lines.exists(l,",
        "l.quantity",
        "old.",
        "changed(",
    ];
    let mut state: usize = 1;
    let mut next = |bound: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut soup = Vec::new();
    for _ in 0..400 {
        let length = 1 + next(14);
        soup.push((0..length).map(|_| tokens[next(tokens.len())]).collect::<Vec<_>>().join(" "));
    }
    for text in soup {
        survives(&text);
    }
}
