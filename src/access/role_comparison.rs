//! What two roles say differently: by object and action, by field, by dimension, and of the rest.

use serde_json::{Value as Json, json};
use strum::IntoEnumIterator;

use super::{
    role::{Action, Level, Mask, Role},
    role_rights::{FieldRight, RightLevel},
};

/// One right in which two roles differ.
#[derive(Debug, Clone, PartialEq)]
pub struct RightDifference<T> {
    /// The object; the dimension; what of the rest.
    pub of: String,
    /// What of it: the action or the field; empty where there is nothing to add.
    pub part: String,
    /// What the first says.
    pub a: T,
    /// What the second says.
    pub b: T,
}

/// All in which two roles differ. Code and labels do not count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoleComparison {
    /// Actions on objects.
    pub grants: Vec<RightDifference<RightLevel>>,
    /// Fields, each with its mask.
    pub fields: Vec<RightDifference<(FieldRight, Option<Mask>)>>,
    /// Dimensions, each with the values ticked on the role.
    pub dimensions: Vec<RightDifference<(Level, Vec<String>)>>,
    /// Business lines, capabilities, caps.
    pub others: Vec<RightDifference<Json>>,
}

/// Compares two roles, in the order in which they name things.
pub fn compare_roles(a: &Role, b: &Role) -> RoleComparison {
    let grants = once(&[a, b], |role| {
        role.grants.iter().flat_map(|grant| &grant.objects).map(String::as_str).collect()
    });
    let grants = grants.into_iter().flat_map(|object| {
        Action::iter().map(move |action| {
            let (one, other) = (a.granted(object, action).0, b.granted(object, action).0);
            differ(object, action.as_ref(), one, other)
        })
    });
    let fields = once(&[a, b], Role::named_fields).into_iter().map(|(object, field)| {
        differ(object, field, a.field_right(object, field), b.field_right(object, field))
    });
    let dimensions = once(&[a, b], |role| role.dimensions.keys().map(String::as_str).collect());
    let dimensions = dimensions
        .into_iter()
        .map(|name| differ(name, "", of_dimension(a, name), of_dimension(b, name)));
    let others = others(a).into_iter().zip(others(b));
    let others = others.map(|((name, one), (_, other))| differ(name, "", one, other));
    RoleComparison {
        grants: grants.flatten().collect(),
        fields: fields.flatten().collect(),
        dimensions: dimensions.flatten().collect(),
        others: others.flatten().collect(),
    }
}

fn differ<T: PartialEq>(of: &str, part: &str, a: T, b: T) -> Option<RightDifference<T>> {
    (a != b).then(|| RightDifference { of: of.to_owned(), part: part.to_owned(), a, b })
}

/// What both roles name, each once.
fn once<'r, T: PartialEq>(roles: &[&'r Role], named: impl Fn(&'r Role) -> Vec<T>) -> Vec<T> {
    let mut found = Vec::new();
    for name in roles.iter().flat_map(|role| named(role)) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn of_dimension(role: &Role, name: &str) -> (Level, Vec<String>) {
    let level = role.dimensions.get(name).copied().unwrap_or_default();
    (level, role.ticked.get(name).cloned().unwrap_or_default())
}

fn others(role: &Role) -> [(&'static str, Json); 6] {
    let may: Vec<_> = role.may.iter().map(AsRef::as_ref).collect();
    [
        ("lines", json!(role.lines)),
        ("customize", json!(role.customize)),
        ("may", json!(may)),
        ("caps.print", json!(role.caps.print)),
        ("caps.export", json!(role.caps.export)),
        ("caps.read", json!(role.caps.read)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_one_by_one() {
        let role = |text: &str| {
            Role::parse(&format!("code = \"x\"\nlabel = \"x\"\nlabel_en = \"x\"\n{text}")).unwrap()
        };
        let a = role(
            "lines = [\"SALES\"]\n[dimensions]\nDEPARTMENT = \"own\"\n[[grants]]\nobjects = [\"Lead\"]\nactions = [\"read\", \"edit\"]\nemployees = \"related\"\n[[fields]]\nobject = \"Lead\"\nhidden = [\"name\"]",
        );
        assert_eq!(compare_roles(&a, &a), RoleComparison::default());
        let b = role(
            "[dimensions]\nDEPARTMENT = \"own\"\n[[grants]]\nobjects = [\"Lead\"]\nactions = [\"read\"]\nemployees = \"related\"\ndimensions = true\n[[grants]]\nobjects = [\"Lead\"]\nactions = [\"edit\"]\nemployees = \"related\"\n[[fields]]\nobject = \"Lead\"\nmasked = { name = \"all\" }",
        );
        let told = compare_roles(&a, &b);
        let [grant] = &told.grants[..] else { panic!("{told:#?}") };
        assert_eq!((grant.of.as_str(), grant.part.as_str()), ("Lead", "read"));
        assert_eq!((grant.a, grant.b), (RightLevel::Related, RightLevel::Both));
        let [field] = &told.fields[..] else { panic!("{told:#?}") };
        assert_eq!(field.b, (FieldRight::Masked, Some(Mask::All)));
        assert!(told.dimensions.is_empty());
        let [other] = &told.others[..] else { panic!("{told:#?}") };
        assert_eq!((other.of.as_str(), &other.a), ("lines", &json!(["SALES"])));
    }
}
