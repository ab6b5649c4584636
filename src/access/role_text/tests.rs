//! Edits of roles' texts: what is wanted holds, all else is as before, and comments and order stay.

use super::*;
use crate::access::{Caps, standard_texts};

const TEXT: &str = r#"# Who sells.
code = "x" # the code
label = "业务"
label_en = "Sales"

[dimensions] # how much
DEPARTMENT = "set" # of theirs
CUSTOMER = "all"

[ticked]
DEPARTMENT = ["TJ"]

# Their own.
[[grants]]
objects = ["Customer", "Lead"] # both
actions = ["read", "edit"]
employees = "responsible"

# What is new.
[[grants]]
objects = [
  # first
  "Customer",
  "Lead", # second
]
actions = ["create"]
dimensions = true

# Everyone's.
[[grants]]
objects = ["Region"]
actions = ["read"]
open = true

# Not the limit.
[[fields]]
object = "Customer"
hidden = ["creditLimit"]
masked = { phone = "end" }
# The end.
"#;

fn edited(text: &str, edit: RoleEdit) -> String {
    edit_role(text, &[edit]).unwrap()
}

fn grant_of(objects: &[&str], actions: &[Action], level: RightLevel) -> RoleEdit {
    let objects = objects.iter().map(ToString::to_string).collect();
    RoleEdit::Grant { objects, actions: actions.to_vec(), level }
}

fn field(object: &str, field: &str, right: FieldRight, mask: Option<Mask>) -> RoleEdit {
    RoleEdit::Field { object: object.to_owned(), field: field.to_owned(), right, mask }
}

fn dimension(dimension: &str, level: Level, ticked: Option<&[&str]>) -> RoleEdit {
    let ticked = ticked.map(|all| all.iter().map(ToString::to_string).collect());
    RoleEdit::Dimension { dimension: dimension.to_owned(), level, ticked }
}

/// What is written behind `#`, line by line.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| Some(line.split_once('#')?.1)).collect()
}

/// The lines of a text that another lacks, and the other way round.
fn differing<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let lacks = |one: &'t str, other: &str| -> Vec<&'t str> {
        one.lines().filter(|line| !other.lines().any(|known| known == *line)).collect()
    };
    (lacks(before, after), lacks(after, before))
}

#[test]
fn an_edit_changes_its_own_lines() {
    let all = &Action::on_records().collect::<Vec<_>>()[..];
    for (edit, gone, new) in [
        (
            grant_of(&["Lead"], &[Action::Edit], RightLevel::None),
            vec!["objects = [\"Customer\", \"Lead\"] # both"],
            vec!["objects = [\"Customer\"] # both", "objects = [\"Lead\"]"],
        ),
        (
            grant_of(&["Customer", "Lead"], &[Action::Edit], RightLevel::None),
            vec!["actions = [\"read\", \"edit\"]"],
            vec![],
        ),
        (
            grant_of(&["Contact"], &[Action::Create], RightLevel::Dimensions),
            vec![],
            vec!["  \"Contact\""],
        ),
        (
            grant_of(&["Region"], &[Action::Edit], RightLevel::All),
            vec!["actions = [\"read\"]"],
            vec![],
        ),
        (grant_of(&["Lead"], &[Action::Read, Action::Edit], RightLevel::Own), vec![], vec![]),
        (
            field("Customer", "name", FieldRight::Hidden, None),
            vec!["hidden = [\"creditLimit\"]"],
            vec!["hidden = [\"creditLimit\", \"name\"]"],
        ),
        (
            field("Customer", "phone", FieldRight::ReadOnly, None),
            vec!["masked = { phone = \"end\" }"],
            vec!["readonly = [\"phone\"]"],
        ),
        (
            field("Lead", "name", FieldRight::Masked, Some(Mask::Start)),
            vec![],
            vec!["object = \"Lead\"", "masked = { name = \"start\" }"],
        ),
        (
            dimension("DEPARTMENT", Level::Person, None),
            vec!["DEPARTMENT = \"set\" # of theirs", "[ticked]", "DEPARTMENT = [\"TJ\"]"],
            vec!["DEPARTMENT = \"person\" # of theirs"],
        ),
        (
            dimension("ITEM", Level::Set, Some(&["A", "B"])),
            vec![],
            vec!["ITEM = \"set\"", "ITEM = [\"A\", \"B\"]"],
        ),
        (dimension("DEPARTMENT", Level::Set, None), vec![], vec![]),
        (
            grant_of(&["Lead"], all, RightLevel::None),
            vec!["objects = [\"Customer\", \"Lead\"] # both"],
            vec!["objects = [\"Customer\"] # both", "objects = [\"Lead\"]", "actions = [\"read\"]"],
        ),
    ] {
        let after = edited(TEXT, edit.clone());
        let (old, fresh) = differing(TEXT, &after);
        assert_eq!(comments(&after), comments(TEXT), "{after}");
        assert!(old.iter().all(|line| gone.contains(line)), "{edit:?}: {old:?}\n{after}");
        assert!(new.iter().all(|line| after.contains(line)), "{edit:?}: {fresh:?}\n{after}");
        Role::parse(&after).unwrap();
    }
}

#[test]
fn a_comment_outlives_its_block() {
    let after = edited(TEXT, grant_of(&["Region"], &[Action::Read], RightLevel::None));
    assert!(after.contains("# Everyone's.\n\n# Not the limit.\n[[fields]]"), "{after}");
    let after = edited(TEXT, field("Customer", "creditLimit", FieldRight::ReadWrite, None));
    let after = edited(&after, field("Customer", "phone", FieldRight::ReadWrite, None));
    assert!(!after.contains("[[fields]]"), "{after}");
    assert_eq!(comments(&after), comments(TEXT), "{after}");
}

#[test]
fn a_copy_is_called_otherwise() {
    let names = ["y", "二\"号", "Two"].map(str::to_owned);
    let [code, label, label_en] = names.clone();
    let after = edited(TEXT, RoleEdit::Rename { code, label, label_en });
    let role = Role::parse(&after).unwrap();
    assert_eq!([role.code, role.label, role.label_en], names);
    assert_eq!(comments(&after), comments(TEXT));
}

#[test]
fn lines_capabilities_and_caps_are_set() {
    let lines = |names: &[&str]| RoleEdit::Lines(names.iter().map(|n| (*n).to_owned()).collect());
    let caps = |print, read| RoleEdit::Caps { print, export: CapEdit::Keep, read };
    let edits = [
        lines(&["FINANCE", "SALES"]),
        RoleEdit::May(vec![RoleCapability::ShareViews]),
        caps(CapEdit::Most(5), CapEdit::Most(900)),
    ];
    let after = edit_role(TEXT, &edits).unwrap();
    let (before, role) = (Role::parse(TEXT).unwrap(), Role::parse(&after).unwrap());
    let mut known = role.lines.clone();
    known.sort();
    assert_eq!(known, ["FINANCE", "SALES"]);
    assert_eq!(role.may, [RoleCapability::ShareViews]);
    assert_eq!((role.caps.print, role.caps.read), (Some(5), Some(900)));
    assert_eq!(role.caps.export, before.caps.export);
    let rest = |role: &Role| Role {
        lines: Vec::new(),
        may: Vec::new(),
        caps: Caps::default(),
        ..role.clone()
    };
    assert_eq!(rest(&role), rest(&before));
    assert_eq!(comments(&after), comments(TEXT), "{after}");
    // The same once more changes nothing, and what is taken away leaves no trace.
    assert_eq!(edit_role(&after, &edits).unwrap(), after);
    let none = [lines(&[]), RoleEdit::May(Vec::new()), caps(CapEdit::Lift, CapEdit::Lift)];
    let none = edit_role(&after, &none).unwrap();
    let role = Role::parse(&none).unwrap();
    assert_eq!((role.lines.len(), role.may.len(), role.caps.print), (0, 0, None));
    assert!(!none.contains("lines") && !none.contains("may"), "{none}");
}

#[test]
fn texts_of_any_form_are_edited() {
    let text = "code = \"x\"\nlabel = \"x\"\nlabel_en = \"x\"\ndimensions = { CUSTOMER = \"all\" }\ngrants = [{ objects = [\"Lead\"], actions = [\"read\", \"edit\"], open = true }]\nfields = [{ object = \"Lead\", masked = { name = \"all\" } }]\n";
    let after = edit_role(
        text,
        &[
            grant_of(&["Lead", "Customer"], &[Action::Edit], RightLevel::Both),
            field("Lead", "name", FieldRight::Masked, Some(Mask::End)),
            dimension("DEPARTMENT", Level::Own, None),
        ],
    )
    .unwrap();
    let role = Role::parse(&after).unwrap();
    assert_eq!(role.granted("Lead", Action::Read).0, RightLevel::All);
    assert_eq!(role.granted("Customer", Action::Edit).0, RightLevel::Both);
    assert_eq!(role.field_right("Lead", "name"), (FieldRight::Masked, Some(Mask::End)));
    assert_eq!(role.dimensions.len(), 2);
    let bare = "code = \"x\"\nlabel = \"x\"\nlabel_en = \"x\"\ngrants = []\n";
    let after = edited(bare, grant_of(&["Lead"], &[Action::Read], RightLevel::All));
    assert_eq!(Role::parse(&after).unwrap().granted("Lead", Action::Read).0, RightLevel::All);
}

/// Sets one right after another in every standard role; each time the one right is as wanted, and nothing else of
/// the role has changed.
#[test]
fn whatever_is_set_the_rest_holds() {
    let mut seed = 7_u32;
    let mut any = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(seed >> 8).unwrap() % below
    };
    let actions: Vec<_> = Action::iter().collect();
    let levels: Vec<_> = RightLevel::iter().collect();
    for (role, text) in standard_texts().unwrap() {
        let mut objects: Vec<_> = role.grants.iter().flat_map(|grant| &grant.objects).collect();
        objects.sort();
        objects.dedup();
        let fresh = "Fresh".to_owned();
        objects.push(&fresh);
        let mut now = text.clone();
        for _ in 0..30 {
            let chosen: Vec<_> =
                (0..=any(3)).map(|_| objects[any(objects.len())].clone()).collect();
            let done: Vec<_> = (0..=any(3)).map(|_| actions[any(actions.len())]).collect();
            let level = levels[any(levels.len())];
            let before = Role::parse(&now).unwrap();
            let edit = RoleEdit::Grant { objects: chosen.clone(), actions: done.clone(), level };
            now = edited(&now, edit);
            let after = Role::parse(&now).unwrap_or_else(|fault| panic!("{fault:?}\n{now}"));
            for object in &objects {
                for action in &actions {
                    let wanted = match chosen.contains(object) && done.contains(action) {
                        true => level,
                        false => before.granted(object, *action).0,
                    };
                    assert_eq!(
                        after.granted(object, *action).0,
                        wanted,
                        "{object} {action:?}\n{now}"
                    );
                }
            }
            let rest = |role: &Role| Role { grants: Vec::new(), ..role.clone() };
            assert_eq!(rest(&after), rest(&before));
            assert_eq!(comments(&now), comments(&text), "{now}");
            assert!(
                after
                    .grants
                    .iter()
                    .all(|grant| !grant.objects.is_empty() && !grant.actions.is_empty())
            );
        }
    }
}
