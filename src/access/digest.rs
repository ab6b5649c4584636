//! A digest of everything that an access decides, with the values that it binds.
//!
//! Equal digests mean equal rights at any two instants, in every process of one program version. It is for comparing
//! inside the server and never leaves it: rooms above put a secret to it first.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::{Access, rule::RowRule};

/// Feeds a cryptographic hash. `Hash` alone ends in 64 bits of a function that anyone can compute.
#[derive(Default)]
struct Digester(Sha256);

impl Hasher for Digester {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Nobody asks for it: the whole digest is taken instead.
    fn finish(&self) -> u64 {
        0
    }
}

/// The digest of an access. Rules are compared without their instants, which are those of the request.
pub(super) fn digest(access: &Access) -> [u8; 32] {
    let timeless = |rule: &RowRule| rule.clone().timeless();
    let mut hasher = Digester::default();
    (access.everything, access.customize, &access.given, &access.roles).hash(&mut hasher);
    (access.operator, access.employee, &access.stands_for).hash(&mut hasher);
    (access.caps.print, access.caps.export, access.caps.read).hash(&mut hasher);
    let mut rules: Vec<_> = access.rules.iter().collect();
    rules.sort_unstable_by_key(|(at, _)| **at);
    for (at, rule) in rules {
        (at, timeless(rule)).hash(&mut hasher);
    }
    let mut rules: Vec<_> = access.in_any_state.iter().collect();
    rules.sort_unstable_by_key(|(at, _)| **at);
    for (at, rule) in rules {
        (at, timeless(rule)).hash(&mut hasher);
    }
    let mut fields: Vec<_> = access.fields.rules.iter().collect();
    fields.sort_unstable_by_key(|(at, _)| **at);
    for (at, rule) in fields {
        (at, timeless(&rule.shown)).hash(&mut hasher);
        for (mask, on) in &rule.masked {
            (mask, timeless(on)).hash(&mut hasher);
        }
    }
    access.fields.kept.hash(&mut hasher);
    hasher.0.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{DateTime, Duration};
    use uuid::Uuid;

    use super::super::{Access, Person, Reach, Role, role::Level};
    use crate::{
        base::Value,
        catalog::{Catalog, resolve, standard_sources},
    };

    const ROLE: &str = "code = \"r\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"person\"\nCUSTOMER = \"all\"\n\
        [[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nemployees = \"related\"\ndimensions = true\n";

    fn person(department: u128) -> Person {
        let values = vec![Value::Id(Uuid::from_u128(department))];
        let reach = Reach { level: Level::Set, values };
        Person {
            operator: Some(Uuid::from_u128(1)),
            employee: Some(Uuid::from_u128(2)),
            systems: vec!["SALES".to_owned()],
            reach: [("DEPARTMENT".to_owned(), reach)].into(),
            at: DateTime::UNIX_EPOCH,
            ..Person::default()
        }
    }

    fn access(catalog: &Catalog, text: &str, person: &Person) -> Access {
        Access::new(catalog, &[Arc::new(Role::parse(text).unwrap())], person)
    }

    #[test]
    fn equal_rights_have_equal_digests_and_others_do_not() {
        let catalog = resolve(&standard_sources(), 1).unwrap();
        let of = |text: &str, person: &Person| *access(&catalog, text, person).digest();
        let one = of(ROLE, &person(7));
        let later = Person { at: DateTime::UNIX_EPOCH + Duration::hours(1), ..person(7) };
        assert_eq!(one, of(ROLE, &later), "the instant of a rule is no right");
        // The shape of both is the same: only a bound value differs.
        assert_eq!(
            access(&catalog, ROLE, &person(7)).shape(),
            access(&catalog, ROLE, &person(8)).shape()
        );
        assert_ne!(one, of(ROLE, &person(8)));
        let stands_in = Person { stands_for: vec![Uuid::from_u128(9)], ..person(7) };
        let withheld = Person { withheld: vec![hiding()], ..person(7) };
        for other in [
            of(ROLE, &stands_in),
            of(ROLE, &withheld),
            of(&ROLE.replace("related", "responsible"), &person(7)),
            of(&ROLE.replace("[dimensions]", "may = [\"DEFINE\"]\n[dimensions]"), &person(7)),
            of(&format!("{ROLE}[caps]\nread = 5\n"), &person(7)),
        ] {
            assert_ne!(one, other);
        }
    }

    fn hiding() -> Arc<Role> {
        let hidden = "[[fields]]\nobject = \"Customer\"\nreadonly = [\"remark\"]\n";
        let text = ROLE.replace("\"read\"", "\"read\", \"edit\"") + hidden;
        Arc::new(Role::parse(&text).unwrap())
    }
}
