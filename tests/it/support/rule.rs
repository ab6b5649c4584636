//! The permission rule of the model over plain values, written from its text: what the compiled
//! statements are compared with. Knows nothing of the server's own code.

use std::collections::HashMap;

/// Whom the employees of a record open it to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Via {
    Nobody,
    Responsible,
    Related,
}

/// How much of the departments is open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Reach {
    None,
    Own,
    Below,
    Set,
    All,
}

/// What a role says of one object.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) object: &'static str,
    /// `read` or `edit`.
    pub(crate) action: &'static str,
    pub(crate) via: Via,
    pub(crate) dimensions: bool,
    pub(crate) open: bool,
}

/// How much of a field's value is seen, what shows most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Seen {
    Shown,
    End,
    Start,
    Stars,
    Hidden,
}

impl Seen {
    /// What is left of a text.
    pub(crate) fn of(self, text: &str) -> Option<String> {
        let letters: Vec<char> = text.chars().collect();
        Some(match self {
            Self::Shown => text.to_owned(),
            Self::Hidden => return None,
            Self::End if letters.len() >= 8 => {
                format!("****{}", letters[letters.len() - 4..].iter().collect::<String>())
            }
            Self::Start if letters.len() >= 2 => format!("{}****", letters[0]),
            _ => "****".to_owned(),
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) code: String,
    /// `none`, `person`, `own`, `below`, `set` or `all`.
    pub(crate) department: &'static str,
    /// Departments ticked on the role, for `set`.
    pub(crate) ticked: Vec<usize>,
    /// What it says of fields: object as the role names it, field, how it is seen.
    pub(crate) fields: Vec<(&'static str, &'static str, Seen)>,
    /// `none`, `person` or `all`.
    pub(crate) customer: &'static str,
    /// Business lines it keeps to; the objects here all belong to `SALES`.
    pub(crate) lines: Vec<&'static str>,
    pub(crate) grants: Vec<Grant>,
}

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) account: String,
    pub(crate) department: usize,
    pub(crate) roles: Vec<usize>,
    pub(crate) reach: Reach,
    pub(crate) ticked: Vec<usize>,
    /// Customer permission groups; none: nothing is set on the person.
    pub(crate) groups: Option<Vec<usize>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) department: Option<usize>,
    pub(crate) customer: Option<usize>,
    /// A customer's permission group.
    pub(crate) group: Option<usize>,
    /// Person and whether responsible; those whose time is over are not here.
    pub(crate) employees: Vec<(usize, bool)>,
}

#[derive(Default, Debug)]
pub(crate) struct World {
    pub(crate) departments: Vec<String>,
    /// The parent of each department.
    pub(crate) parents: Vec<Option<usize>>,
    pub(crate) roles: Vec<Role>,
    pub(crate) people: Vec<Person>,
    pub(crate) records: Vec<Record>,
    pub(crate) groups: Vec<String>,
    /// Objects the company does not control at all.
    pub(crate) uncontrolled: Vec<&'static str>,
    /// Dimensions of objects it does not control when records are read.
    pub(crate) switched_off: Vec<(&'static str, &'static str)>,
    /// Who is away, and who stands in now.
    pub(crate) stand_ins: Vec<(usize, usize)>,
    pub(crate) ids: HashMap<String, String>,
}

impl World {
    /// The function right, within the walls: some role of the person names the object, and none keeps to
    /// other lines than sales.
    pub(crate) fn may(&self, person: usize, object: &str) -> bool {
        self.may_do(person, object, "read")
    }

    pub(crate) fn may_do(&self, person: usize, object: &str, action: &str) -> bool {
        let mut held = self.people[person].roles.iter().map(|role| &self.roles[*role]);
        let walled = held.any(|role| !role.lines.is_empty() && !role.lines.contains(&"SALES"));
        !walled && self.grants(person, object, action).next().is_some()
    }

    fn grants(
        &self,
        person: usize,
        object: &str,
        action: &str,
    ) -> impl Iterator<Item = (&Role, &Grant)> {
        let roles = self.people[person].roles.iter().map(|role| &self.roles[*role]);
        roles.flat_map(move |role| {
            role.grants
                .iter()
                .filter(move |grant| grant.object == object && grant.action == action)
                .map(move |grant| (role, grant))
        })
    }

    /// Whether the person may read the record.
    pub(crate) fn allows(&self, person: usize, record: &Record) -> bool {
        self.opens(person, record, "read")
    }

    /// Whether some grant of some role opens the record for an action.
    pub(crate) fn opens(&self, person: usize, record: &Record, action: &str) -> bool {
        if !self.may_do(person, record.object, action) {
            return false;
        }
        if self.uncontrolled.contains(&record.object) {
            return true;
        }
        self.grants(person, record.object, action).any(|(role, grant)| {
            grant.open
                || self.among(person, record, grant.via)
                || (grant.dimensions && self.within(person, record, role, action))
        })
    }

    /// What each role that opens the object to the person says of a field, and whether it opens the record.
    fn said(
        &self,
        person: usize,
        object: &str,
        (of, field): (&str, &str),
        record: Option<&Record>,
    ) -> Vec<(Seen, bool)> {
        let roles = self.people[person].roles.iter().map(|role| &self.roles[*role]);
        let reads = |role: &&Role| {
            role.grants.iter().any(|grant| grant.object == object && grant.action == "read")
        };
        roles
            .filter(reads)
            .map(|role| {
                let said = role.fields.iter().find(|said| (said.0, said.1) == (of, field));
                let opens = record.is_some_and(|record| {
                    let reads = |grant: &&Grant| grant.object == object && grant.action == "read";
                    self.uncontrolled.contains(&record.object)
                        || role.grants.iter().filter(reads).any(|grant| {
                            grant.open
                                || self.among(person, record, grant.via)
                                || (grant.dimensions && self.within(person, record, role, "read"))
                        })
                });
                (said.map_or(Seen::Shown, |said| said.2), opens)
            })
            .collect()
    }

    /// Whether there is a field for the person: of an object or, under the name of these, of its lines.
    pub(crate) fn exists(&self, person: usize, object: &str, field: (&str, &str)) -> bool {
        self.said(person, object, field, None).iter().any(|(seen, _)| *seen != Seen::Hidden)
    }

    /// Whether the person sees the field on whatever record.
    pub(crate) fn plain(&self, person: usize, object: &str, field: (&str, &str)) -> bool {
        self.said(person, object, field, None).iter().all(|(seen, _)| *seen == Seen::Shown)
    }

    /// How the person sees a field of a record that holds a text: as it is where a role that opens it shows it, else
    /// by what any of those that open it leaves least of by its mask.
    pub(crate) fn seen(
        &self,
        person: usize,
        record: &Record,
        field: (&str, &str),
        text: &str,
    ) -> Seen {
        let said = self.said(person, record.object, field, Some(record));
        let opening: Vec<_> =
            said.iter().filter(|(_, opens)| *opens).map(|(seen, _)| *seen).collect();
        if opening.contains(&Seen::Shown) {
            return Seen::Shown;
        }
        let masks = opening.into_iter().filter(|seen| *seen != Seen::Hidden);
        let left = |seen: &Seen| seen.of(text).map_or(0, |left| left.chars().count());
        masks.min_by_key(left).unwrap_or(Seen::Hidden)
    }

    /// The person, or someone for whom the person stands in, is among the record's employees.
    fn among(&self, person: usize, record: &Record, via: Via) -> bool {
        let acts_as = |who: usize| {
            who == person || self.stand_ins.iter().any(|(away, to)| *to == person && *away == who)
        };
        record.employees.iter().any(|(who, responsible)| {
            acts_as(*who)
                && match via {
                    Via::Nobody => false,
                    Via::Responsible => *responsible,
                    Via::Related => true,
                }
        })
    }

    /// All controlled dimensions: the department, and the right on the customer where there is one. Where
    /// none is controlled, none opens anything.
    fn within(&self, person: usize, record: &Record, role: &Role, action: &str) -> bool {
        let counts = |name| action != "read" || !self.switched_off.contains(&(record.object, name));
        let department = match record.object {
            "Contact" => record.customer.and_then(|customer| self.records[customer].department),
            _ => record.department,
        };
        let mut dimensions = Vec::new();
        if counts("DEPARTMENT") {
            dimensions.push(self.in_department(person, department, role));
        }
        // The parent of a loan counts although no dimension leads there.
        if record.object == "Loan" {
            if counts("customer") {
                dimensions.push(self.of_readable_customer(person, record));
            }
        } else if counts("CUSTOMER") {
            dimensions.push(self.in_customers(person, record, role));
        }
        !dimensions.is_empty() && dimensions.into_iter().all(|within| within)
    }

    /// Of customers: their groups; of others: the right to read the customer.
    fn in_customers(&self, person: usize, record: &Record, role: &Role) -> bool {
        let groups = self.people[person].groups.as_ref();
        let opens = role.customer == "all" || (role.customer == "person" && groups.is_some());
        if record.object == "Customer" {
            let ticked = |group| groups.is_some_and(|groups: &Vec<usize>| groups.contains(&group));
            return role.customer == "all"
                || (role.customer == "person" && record.group.is_some_and(ticked));
        }
        opens && self.of_readable_customer(person, record)
    }

    /// The person may read the record's customer, if it has one.
    fn of_readable_customer(&self, person: usize, record: &Record) -> bool {
        record.customer.is_none_or(|customer| self.allows(person, &self.records[customer]))
    }

    fn in_department(&self, person: usize, department: Option<usize>, role: &Role) -> bool {
        let who = &self.people[person];
        // What a role sets itself takes nothing from the person.
        let (reach, ticked) = match role.department {
            "person" => (&who.reach, &who.ticked),
            "own" => (&Reach::Own, &role.ticked),
            "below" => (&Reach::Below, &role.ticked),
            "set" => (&Reach::Set, &role.ticked),
            "all" => (&Reach::All, &role.ticked),
            _ => (&Reach::None, &role.ticked),
        };
        let open = match reach {
            Reach::None => return false,
            Reach::All => return true,
            Reach::Set => ticked.clone(),
            Reach::Own => vec![who.department],
            Reach::Below => {
                let below = |at: &usize| self.line(*at).any(|up| up == who.department);
                (0..self.departments.len()).filter(below).collect()
            }
        };
        department.is_some_and(|department| open.contains(&department))
    }

    /// A department and all above it.
    fn line(&self, department: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(department), |at| self.parents[*at])
    }
}
