//! Texts joined, merged and edited, with what must stay.

use super::*;

const LOANS: &str = r#"# Loans, as sales asked for.

"样品借用"
type Loan @object(kind: DOCUMENT, label: "样品借用", plural: "loans") @responsible {
  # The one who borrows.
  customer: Customer! @field(label: "客户") # always

  # --- dates ---

  # When it went out: { "not a brace" }
  loanDate: Date! @field(label: "借用日期", default: "today()"), dueDate: Date
  note(max: [1]): [String!]! """block "quoted" \""" text""" lines: [LoanLine!]! @lines
} # end of loans

enum LoanState { OPEN @label(zh: "借出") "back" BACK }
extend type Customer { loansAllowed: Boolean }
# the end
"#;

fn retire(object: &str, field: &str) -> SchemaEdit {
    SchemaEdit::RetireField { object: object.to_owned(), field: field.to_owned() }
}

fn edit(text: &str, step: &SchemaEdit) -> String {
    edited(text, step).unwrap()
}

#[test]
fn every_byte_belongs_to_one_definition() {
    let units = outline::outline(LOANS).unwrap();
    let names: Vec<_> = units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, ["Loan", "LoanState", "Customer"]);
    let mut at = 0;
    for unit in &units {
        assert_eq!(unit.whole.start, at);
        at = unit.whole.end;
    }
    assert_eq!(LOANS.get(at..), Some("\n# the end\n"));
    let members: Vec<_> =
        units[0].members.as_ref().unwrap().all.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(members, ["customer", "loanDate", "dueDate", "note", "lines"]);
    assert!(LOANS.get(units[0].whole.clone()).unwrap().ends_with("} # end of loans"));
}

#[test]
fn what_cannot_be_read_has_no_outline() {
    for text in [
        "type A {",
        "type A { x }",
        "type A { x: }",
        "type A { x: [Int }",
        "\"open",
        "type A { x: Int @field(label: ) }",
        "scalar X",
        "type A } {",
        "type",
        "extend",
        "type A { x: Int = § }",
        "\"\"\" open",
        "\"a\\",
    ] {
        assert!(outline::outline(text).is_none(), "{text}");
        assert_eq!(edited(text, &retire("A", "x")), Err(EditFault::Text), "{text}");
    }
    assert!(outline::outline("").unwrap().is_empty());
}

#[test]
fn a_field_goes_with_its_own_comment_only() {
    let left = edit(LOANS, &retire("Loan", "loanDate"));
    let gone = "\n  # When it went out: { \"not a brace\" }\n  loanDate: Date! @field(label: \"借用日期\", default: \"today()\"),";
    assert_eq!(left, LOANS.replace(gone, ""));
    let left = edit(LOANS, &retire("Loan", "customer"));
    let gone = "\n  # The one who borrows.\n  customer: Customer! @field(label: \"客户\") # always";
    assert_eq!(left, LOANS.replace(gone, ""));
    // An extension of nothing goes whole, with the comment above it.
    let left = edit(LOANS, &retire("Customer", "loansAllowed"));
    assert_eq!(left, LOANS.replace("\nextend type Customer { loansAllowed: Boolean }", ""));
    let kept = "extend type Customer @index(fields: [\"name\"]) { a: Int }";
    let left = edit(kept, &retire("Customer", "a"));
    assert_eq!(left, "extend type Customer @index(fields: [\"name\"]) ");
    let missing = edited(LOANS, &retire("Loan", "nothing"));
    assert_eq!(missing, Err(EditFault::NoField("Loan".to_owned(), "nothing".to_owned())));
    let missing = edited(LOANS, &retire("Nothing", "x"));
    assert_eq!(missing, Err(EditFault::NoObject("Nothing".to_owned())));
}

#[test]
fn fields_are_added_where_others_stand() {
    let add = |object: &str, sdl: &str| SchemaEdit::DefineField {
        object: object.to_owned(),
        sdl: sdl.to_owned(),
    };
    let more = edit("type A {\n    x: Int # one\n}\n", &add("A", "y: Int @field(label: \"乙\")"));
    assert_eq!(more, "type A {\n    x: Int # one\n    y: Int @field(label: \"乙\")\n}\n");
    assert_eq!(edit("type A { x: Int }", &add("A", "y: Int")), "type A { x: Int y: Int }");
    assert_eq!(edit("type A {}", &add("A", "y: Int")), "type A { y: Int }");
    assert_eq!(edit("type A @object", &add("A", "y: Int")), "type A @object {\n  y: Int\n}");
    assert_eq!(edit("", &add("Customer", "y: Int")), "extend type Customer {\n  y: Int\n}\n");
    assert_eq!(
        edited(LOANS, &add("Loan", "dueDate: Date")),
        Err(EditFault::Known("dueDate".to_owned()))
    );
    for wrong in ["", "y", "y: Int z: Int", "y: Int } type B { x: Int", "}"] {
        assert_eq!(edited(LOANS, &add("Loan", wrong)), Err(EditFault::Step), "{wrong}");
    }
    assert_eq!(
        edit("type A { x: Int }", &add("A", "y: Int # at the end")),
        "type A { x: Int y: Int # at the end\n }"
    );
}

#[test]
fn definitions_come_and_go() {
    let define = |sdl: &str| SchemaEdit::DefineObject { sdl: sdl.to_owned() };
    let more = edit(LOANS, &define("  type B { x: Int }\n"));
    assert_eq!(more, format!("{}\n\ntype B {{ x: Int }}\n", LOANS.trim_end()));
    assert_eq!(
        edited(LOANS, &define("type Loan { x: Int }")),
        Err(EditFault::Known("Loan".to_owned()))
    );
    assert_eq!(edited(LOANS, &define("nonsense")), Err(EditFault::Step));
    let object = "Loan".to_owned();
    let left = edit(LOANS, &SchemaEdit::RetireObject { object });
    let rest = LOANS.get(LOANS.find("\n\nenum").unwrap()..).unwrap();
    assert_eq!(left, format!("# Loans, as sales asked for.\n{rest}"));
    let object = "Customer".to_owned();
    assert_eq!(
        edited(LOANS, &SchemaEdit::RetireObject { object: object.clone() }),
        Err(EditFault::NoObject(object))
    );
    assert_eq!(
        definition_of(LOANS, "LoanState").unwrap(),
        "enum LoanState { OPEN @label(zh: \"借出\") \"back\" BACK }"
    );
    assert_eq!(member_of(LOANS, "Loan", "dueDate").unwrap(), "dueDate: Date");
    assert_eq!(definition_of(LOANS, "Other"), None);
}

#[test]
fn labels_change_and_nothing_else() {
    let relabel = |field: Option<&str>, zh: Option<&str>, en: Option<&str>| SchemaEdit::Relabel {
        object: "Loan".to_owned(),
        field: field.map(str::to_owned),
        label: zh.map(str::to_owned),
        label_en: en.map(str::to_owned),
    };
    let told = edit(LOANS, &relabel(Some("customer"), Some("借\"方\\"), Some("Borrower")));
    let (from, to) =
        (r#"@field(label: "客户")"#, r#"@field(label: "借\"方\\", labelEn: "Borrower")"#);
    assert_eq!(told, LOANS.replace(from, to));
    let told = edit(LOANS, &relabel(Some("dueDate"), Some("还"), None));
    assert_eq!(told, LOANS.replace("dueDate: Date\n", "dueDate: Date @field(label: \"还\")\n"));
    let told = edit(LOANS, &relabel(None, None, Some("Loan")));
    assert_eq!(told, LOANS.replace("\"loans\")", "\"loans\", labelEn: \"Loan\")"));
    assert_eq!(edit(LOANS, &relabel(Some("dueDate"), None, None)), LOANS);
}

#[test]
fn fields_are_written_anew() {
    let step = SchemaEdit::UpdateField {
        object: "Loan".to_owned(),
        field: "dueDate".to_owned(),
        sdl: "\"when\" dueDate: Date!".to_owned(),
    };
    assert_eq!(edit(LOANS, &step), LOANS.replace("dueDate: Date\n", "\"when\" dueDate: Date!\n"));
    let step = SchemaEdit::UpdateField {
        object: "Loan".to_owned(),
        field: "dueDate".to_owned(),
        sdl: "other: Date!".to_owned(),
    };
    assert_eq!(edited(LOANS, &step), Err(EditFault::OtherName("dueDate".to_owned())));
}

#[test]
fn later_texts_replace_earlier_ones() {
    assert_eq!(joined(&[LOANS]).unwrap(), LOANS);
    assert_eq!(joined(&[]).unwrap(), "");
    let first = "# first\ntype A { x: Int y: Int } # a\ntype B { x: Int }\n";
    let all = joined(&[
        first,
        "extend type A { y: String z: Int }\n# more\nextend type B { q: Int }",
        "type B { x: String }",
        "extend type A { z: String }",
        "  # nothing but a comment\n",
    ]);
    assert_eq!(
        all.unwrap(),
        "# first\ntype A { x: Int } # a\n\nextend type A { y: String }\n# more\nextend type B { q: Int }\n\n\
         type B { x: String }\n\nextend type A { z: String }\n\n# nothing but a comment\n"
    );
    assert_eq!(joined(&["type A {", "type B { x: Int }"]), None);
    // A dimension counts as the last text has it.
    let all = joined(&[
        "extend type A @dimension(name: X, path: \"x\") { y: Int }",
        "extend type A @dimension(name: Y, path: \"y\")",
        "extend type A @dimension(name: X, path: \"z\")",
        "extend type A @dimension(name: Y, removed: true)",
    ]);
    assert_eq!(
        all.unwrap(),
        "extend type A  { y: Int }\n\nextend type A @dimension(name: X, path: \"z\")\n"
    );
    // What is replaced whole leaves no empty braces.
    let all = joined(&["type A @object { x: Int }", "extend type A { x: String }"]);
    assert_eq!(all.unwrap(), "type A @object\n\nextend type A { x: String }\n");
}

#[test]
fn changes_of_different_types_are_merged() {
    let base = "type A { x: Int }\n\n# b\ntype B { x: Int }\n\ntype C { x: Int }\n";
    let mine = "type A { x: Int y: Int }\n\n# b\ntype B { x: Int }\n\ntype C { x: Int }\n\ntype M { x: Int }\n# mine\n";
    let theirs =
        "type A { x: Int }\n\n# b, longer\ntype B { x: Int z: Int }\n\ntype T { x: Int }\n";
    let both = merged(base, mine, theirs).unwrap();
    assert_eq!(
        both,
        "type A { x: Int y: Int }\n\n# b, longer\ntype B { x: Int z: Int }\n\ntype M { x: Int }\n# mine\n\ntype T { x: Int }\n"
    );
    assert_eq!(merged(base, base, theirs).unwrap(), theirs);
    assert_eq!(merged(base, mine, base).unwrap(), mine);
    assert_eq!(merged(base, theirs, theirs).unwrap(), theirs);
    // The same type: refused, unless both did the same.
    let other = "type A { x: Int q: Int }\n\n# b\ntype B { x: Int }\n\ntype C { x: Int }\n";
    assert_eq!(merged(base, mine, other), Err(vec!["A".to_owned()]));
    let gone = "# b\ntype B { x: Int }\n\ntype C { x: Int }\n";
    assert_eq!(merged(base, mine, gone), Err(vec!["A".to_owned()]));
    // Extensions of one type count as that type.
    let extended = format!("{base}\nextend type A {{ w: Int }}\n");
    assert_eq!(merged(base, mine, &extended), Err(vec!["A".to_owned()]));
    assert_eq!(merged(base, "type {", theirs), Err(Vec::new()));
}

#[test]
fn fields_get_another_type_and_say_what_they_had() {
    let retype = |sdl: &str, or_null| SchemaEdit::RetypeField {
        object: "Loan".to_owned(),
        field: "dueDate".to_owned(),
        sdl: sdl.to_owned(),
        or_null,
    };
    let first = edit(LOANS, &retype("dueDate: DateTime! @field(label: \"还\") # when", false));
    let once = "dueDate: DateTime! @retyped(from: \"Date\") @field(label: \"还\") # when\n";
    assert_eq!(first, LOANS.replace("dueDate: Date\n", once));
    let second = edit(&first, &retype("dueDate: String", true));
    let twice =
        "dueDate: String @retyped(from: \"Date\") @retyped(from: \"DateTime\", onFailure: NULL)";
    assert!(second.contains(twice), "{second}");
    let other = edited(LOANS, &retype("other: String", false));
    assert_eq!(other, Err(EditFault::OtherName("dueDate".to_owned())));
}

#[test]
fn heads_and_values_are_written_anew() {
    let text = "# first\n\"A visit.\"\ntype Visit @object(plural: \"visits\") { # fields\n  topic: String\n}\nenum Kind @label(zh: \"x\") { A B }\n";
    let head = |object: &str, sdl: &str| SchemaEdit::UpdateObject {
        object: object.to_owned(),
        sdl: sdl.to_owned(),
    };
    let new = "type Visit @object(plural: \"visits\", icon: \"map\") @index(fields: [\"topic\"])";
    let after = edit(text, &head("Visit", new));
    assert_eq!(after, text.replace("\"A visit.\"\ntype Visit @object(plural: \"visits\")", new));
    let after = edit(text, &head("Visit", "type Visit @object(plural: \"visits\") # why"));
    assert!(after.contains("# why\n{ # fields"), "{after}");
    let after = edit(text, &head("Kind", "enum Kind @label(zh: \"y\")"));
    assert_eq!(after, text.replace("zh: \"x\"", "zh: \"y\""));
    // Of what the text does not define an extension is written, and written anew.
    let first = edit(text, &head("Customer", "extend type Customer @object(label: \"x\")"));
    assert_eq!(first, format!("{text}\nextend type Customer @object(label: \"x\")\n"));
    let again = edit(&first, &head("Customer", "extend type Customer @object(label: \"y\")"));
    assert_eq!(again, first.replace("label: \"x\"", "label: \"y\""));
    for (object, sdl, fault) in [
        ("Visit", "type Visit @object(plural: \"v\") { a: Int }", EditFault::Step),
        ("Visit", "enum Visit", EditFault::Step),
        ("Visit", "type Other", EditFault::OtherName("Visit".to_owned())),
        ("Nothing", "type Nothing", EditFault::NoObject("Nothing".to_owned())),
    ] {
        assert_eq!(edited(text, &head(object, sdl)), Err(fault), "{sdl}");
    }

    let value =
        |sdl: &str| SchemaEdit::DefineField { object: "Kind".to_owned(), sdl: sdl.to_owned() };
    assert_eq!(
        edit(text, &value("C @option(color: \"#112233\")")),
        text.replace("A B }", "A B C @option(color: \"#112233\") }")
    );
    assert_eq!(edited(text, &value("B")), Err(EditFault::Known("B".to_owned())));
    let level = SchemaEdit::DefineField { object: "CustomerLevel".to_owned(), sdl: "Z".to_owned() };
    assert_eq!(edit(text, &level), format!("{text}\nextend enum CustomerLevel {{\n  Z\n}}\n"));
    let update = |field: &str, sdl: &str| SchemaEdit::UpdateField {
        object: "Kind".to_owned(),
        field: field.to_owned(),
        sdl: sdl.to_owned(),
    };
    assert_eq!(
        edit(text, &update("A", "A @label(zh: \"甲\")")),
        text.replace("{ A B", "{ A @label(zh: \"甲\") B")
    );
    assert_eq!(edited(text, &update("A", "A: Int")), Err(EditFault::Step));
}
