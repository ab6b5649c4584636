//! What is hidden of the whole schema is what a schema made for the caller alone lacks, whoever they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_graphql::{parser::parse_query, registry::Registry};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;
use crate::{
    access::{
        Access, BUSINESS_LINES, Employees, FieldRights, Grant, Level, Mask, Person, Role,
        standard_roles,
    },
    base::Lang,
    catalog::{Catalog, DefinitionPart, Origin, resolve, standard_sources},
    graphql::{
        introspection_writer::{answer, planned},
        limits::Limits,
        reader::{Args, SelectionReader},
        records::schema::{self, Built},
        schema_mask::{inputs, values},
        tally::Tally,
        variables::{Lacks, Variables},
        words::Words,
    },
};

/// Objects with every kind of field, of which some refer to standard ones.
const CUSTOM: &str = r#"
type Rig @object(kind: MASTER, label: "设备", plural: "rigs") @responsible
    @dimension(name: DEPARTMENT, path: "department") @unique(fields: ["code"]) {
    code: String!
    department: Department!
    customer: Customer @relation(inverse: "rigs")
    state: RigState
    uses: [RigUse!]
    price: Decimal
    built: Date
    people: [Employee!]
    visits: [RigVisit!]! @lines
    spent: Decimal @rollup(of: "visits", sum: "cost")
    freight: Freight @item
    back: Freight @item
}
type Freight @object(kind: DATA_ITEM, label: "运费") { carrier: String cost: Decimal state: RigState by: Employee }
type RigVisit @object(kind: LINE, label: "明细") { begun: DateTime cost: Decimal follows: Rig out: Freight @item }
type Notice @object(kind: MASTER, label: "通知", plural: "notices") { text: String! }
extend type Customer { focusCategories: [ItemCategory!] @field(label: "关注新品类别") }
enum RigState { NEW @label(zh: "新") OLD @label(zh: "旧") }
enum RigUse { TEST @label(zh: "试") SHOW @label(zh: "展") }
"#;

fn catalog(custom: &str) -> Catalog {
    let mut sources = standard_sources();
    if !custom.is_empty() {
        let name = "custom.graphql".to_owned();
        sources.push(DefinitionPart::objects(name, custom.to_owned(), Origin::Custom));
    }
    resolve(&sources, 1).unwrap()
}

/// The elements of the whole schema that a narrower one lacks, as `Type`, `Type.field` and `Type.field.argument`.
fn between(whole: &Registry, narrow: &Registry) -> BTreeSet<String> {
    lacking(whole, |element| {
        let Some(ty) = narrow.types.get(element[0]) else { return true };
        match element {
            [_] => false,
            [_, name] => {
                let field = ty.field_by_name(name).is_some();
                let input = inputs(ty).is_some_and(|known| known.contains_key(*name));
                !field && !input && !values(ty).is_some_and(|known| known.contains_key(*name))
            }
            [_, name, arg, ..] => {
                ty.field_by_name(name).is_none_or(|field| !field.args.contains_key(*arg))
            }
            [] => false,
        }
    })
}

/// The elements of a schema that are not there. Below what is not there nothing is named.
fn lacking(whole: &Registry, lacks: impl Fn(&[&str]) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut gone = |element: &[&str]| {
        let gone = lacks(element);
        if gone {
            found.insert(element.join("."));
        }
        gone
    };
    for (name, ty) in &whole.types {
        if gone(&[name]) {
            continue;
        }
        for (field, known) in ty.fields().into_iter().flatten() {
            if !gone(&[name, field]) {
                for arg in known.args.keys() {
                    gone(&[name, field, arg]);
                }
            }
        }
        for value in values(ty).into_iter().flat_map(indexmap::IndexMap::keys) {
            gone(&[name, value]);
        }
        for field in inputs(ty).into_iter().flat_map(indexmap::IndexMap::keys) {
            gone(&[name, field]);
        }
    }
    found
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// A role that grants and hides anything.
    fn role(&mut self, catalog: &Catalog) -> Role {
        let names: Vec<_> = catalog.objects.iter().map(|object| object.name.clone()).collect();
        let actions: Vec<_> = Action::iter().collect();
        let mut role = Role { code: "any".to_owned(), ..Role::default() };
        for _ in 0..self.below(6) {
            let objects = (0..=self.below(12)).map(|_| self.of(&names)).collect();
            let mut granted: Vec<_> = (0..=self.below(4)).map(|_| self.of(&actions)).collect();
            if self.below(3) > 0 {
                granted.push(Action::Read);
            }
            role.grants.push(Grant {
                objects,
                actions: granted,
                employees: self.of(&[Employees::None, Employees::Responsible, Employees::Related]),
                dimensions: self.below(2) == 0,
                open: self.below(3) == 0,
            });
        }
        for object in &catalog.objects {
            let fields = object.fields.iter().map(|field| field.name.clone());
            let groups = object.groups.iter().map(|group| group.name.clone());
            let fields: Vec<_> = fields.chain(groups).collect();
            let mut some =
                |most| -> Vec<_> { (0..self.below(most)).map(|_| self.of(&fields)).collect() };
            let (hidden, masked, readonly) = (some(6), some(3), some(6));
            let masked = masked.into_iter().map(|name| (name, Mask::All)).collect();
            role.fields.push(FieldRights { object: object.name.clone(), hidden, masked, readonly });
        }
        role.dimensions = ["DEPARTMENT", "REGION", "CATEGORY"]
            .map(|name| (name.to_owned(), self.of(&[Level::None, Level::Own, Level::All])))
            .into_iter()
            .collect::<BTreeMap<_, _>>();
        role.lines = (0..self.below(2)).map(|_| self.of(&BUSINESS_LINES).to_owned()).collect();
        role
    }
}

/// Accesses of every standard role, of several roles together, of roles that grant and hide anything, and of none.
fn accesses(catalog: &Catalog, random: usize) -> Vec<(String, Access)> {
    let mut dice = Dice(7);
    let standard: Vec<_> = standard_roles().unwrap().into_iter().map(Arc::new).collect();
    let person = |systems: &[&str], withheld: Vec<Arc<Role>>| Person {
        systems: systems.iter().map(|name| (*name).to_owned()).collect(),
        employee: Some(Uuid::nil()),
        department: Some(Uuid::nil()),
        withheld,
        ..Person::default()
    };
    let all = ["SALES", "SERVICE", "SALES_SERVICE"];
    let mut found: Vec<_> = standard
        .iter()
        .map(|role| {
            let own = [Arc::clone(role)];
            (role.code.clone(), Access::new(catalog, &own, &person(&all, Vec::new())))
        })
        .collect();
    found.push(("no role".to_owned(), Access::new(catalog, &[], &person(&all, Vec::new()))));
    let no_system = Access::new(catalog, &standard, &person(&[], Vec::new()));
    found.push(("no system".to_owned(), no_system));
    found.push(("everyone".to_owned(), Access::new(catalog, &standard, &person(&all, Vec::new()))));
    for round in 0..random {
        let mut roles = vec![Arc::new(dice.role(catalog))];
        let mut withheld = Vec::new();
        match dice.below(4) {
            0 => roles.push(Arc::new(dice.role(catalog))),
            1 => roles.push(dice.of(&standard)),
            2 => withheld.push(Arc::new(dice.role(catalog))),
            _ => {}
        }
        let person = person(&all[dice.below(2)..], withheld);
        found.push((format!("random {round}"), Access::new(catalog, &roles, &person)));
    }
    found
}

fn compare(catalog: &Catalog, random: usize) {
    let Built { schema, needs } = schema::build(catalog, |schema| schema).unwrap();
    let whole = schema.registry();
    let mut different = BTreeSet::new();
    for (who, access) in accesses(catalog, random) {
        let visible = Visible { catalog, access: &access };
        let narrow = schema::narrow(visible).unwrap();
        let hidden = needs.hidden(visible);
        let told = lacking(whole, |element| hidden.has(element));
        assert_eq!(told, between(whole, narrow.registry()), "{who}");
        assert!(!told.is_empty(), "{who}");
        different.insert(told);
    }
    assert!(different.len() > random, "roles that hide the same");
    let everything = Access::system("a test");
    let hidden = needs.hidden(Visible { catalog, access: &everything });
    assert!(lacking(whole, |element| hidden.has(element)).is_empty());
}

#[test]
fn what_is_hidden_of_standard_objects_is_what_a_narrower_schema_lacks() {
    compare(&catalog(""), 12);
}

#[test]
fn what_is_hidden_of_custom_objects_is_what_a_narrower_schema_lacks() {
    compare(&catalog(CUSTOM), 12);
}

const INTROSPECTION: &str = "{ __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types {
        kind name description isOneOf
        fields(includeDeprecated: true) {
            name description isDeprecated type { ...Of }
            args(includeDeprecated: true) { name description defaultValue type { ...Of } }
        }
        inputFields(includeDeprecated: true) { name description defaultValue type { ...Of } }
        interfaces { name }
        possibleTypes { name }
        enumValues(includeDeprecated: true) { name description }
    }
} }
fragment Of on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

#[test]
fn introspection_tells_what_a_narrower_schema_has() {
    let catalog = catalog(CUSTOM);
    let document = parse_query(INTROSPECTION).unwrap();
    let (limits, tally) = (Limits::default(), Tally::default());
    let (variables, lacks) = (Variables::default(), Lacks::default());
    let now = chrono::DateTime::UNIX_EPOCH;
    let reader = SelectionReader {
        args: Args {
            catalog: &catalog,
            limits: &limits,
            tally: &tally,
            today: now.date_naive(),
            zone: chrono_tz::Tz::UTC,
            now,
            viewer: None,
            visible: None,
        },
        document: &document,
        variables: &variables,
        lacks: &lacks,
        lang: Lang::En,
    };
    let (_, operation) = document.operations.iter().next().unwrap();
    let asks = planned(&reader, &[&operation.node.selection_set.node], "Query");
    let words = Words::records(&catalog, Lang::En);
    let Built { schema, needs } = schema::build(&catalog, |schema| schema).unwrap();
    for (who, access) in accesses(&catalog, 4) {
        let visible = Visible { catalog: &catalog, access: &access };
        let narrow = schema::narrow(visible).unwrap();
        let told = |registry: &Registry, hidden: &Hidden| {
            answer(registry, hidden, &[], &words, &asks[0]).unwrap()
        };
        let (whole, hidden) = (schema.registry(), needs.hidden(visible));
        let (told, expected) = (told(whole, &hidden), told(narrow.registry(), &Hidden::default()));
        let differs = told.bytes().zip(expected.bytes()).position(|(one, other)| one != other);
        let from = differs.unwrap_or_default().saturating_sub(200);
        let around = |text: &str| text.get(from..from + 400).unwrap_or_default().to_owned();
        assert!(told == expected, "{who}:\n{}\n\n{}", around(&told), around(&expected));
    }
}
