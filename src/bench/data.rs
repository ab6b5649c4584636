//! The data set: computes every record from its index alone.
//!
//! Pure and deterministic, so that a run can name records without reading them. Knows API names of fields.
//! Must not know tables, columns or encodings.

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use uuid::Uuid;

use crate::{base::Value, catalog::EMPLOYEES, demo::random::Random};

/// The first instant: 2023-01-01 in UTC. It does not depend on today, so the data set never changes.
const START: i64 = 1_672_531_200;
/// Three years in seconds.
pub(super) const SPAN: i64 = 3 * 365 * 86_400;
/// Lines per order.
pub(super) const LINES: i64 = 3;

const REGIONS: [&str; 8] = ["华北", "东北", "华东", "华中", "华南", "西南", "西北", "海外"];
const LEVELS: [&str; 4] = ["A", "B", "C", "D"];
const INDUSTRIES: [&str; 10] = [
    "COATINGS",
    "PLASTICS",
    "RUBBER",
    "COMPOSITES",
    "AUTOMOTIVE",
    "MACHINERY",
    "ELECTRONICS",
    "STEEL_STRUCTURE",
    "MARINE",
    "FURNITURE",
];
const LIFECYCLES: [&str; 4] = ["POTENTIAL", "ACTIVE", "DORMANT", "LOST"];
const CITIES: [&str; 8] = ["天津", "沈阳", "上海", "武汉", "广州", "成都", "西安", "青岛"];
const TRADES: [&str; 6] = ["涂料", "塑胶制品", "橡胶密封件", "复合材料", "机械制造", "电子科技"];
const SURNAMES: [&str; 10] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];
const GIVEN: [&str; 10] = ["伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇"];
const TITLES: [&str; 4] = ["采购经理", "技术主管", "生产厂长", "采购员"];
const ROLES: [&str; 4] = ["DECISION_MAKER", "TECHNICIAN", "USER", "BUYER"];
const UNITS: [&str; 3] = ["千克", "吨", "桶"];
/// Code, name, probability, won, lost.
const STAGES: [(&str, &str, i64, bool, bool); 6] = [
    ("10", "初步接触", 10, false, false),
    ("20", "需求确认", 30, false, false),
    ("30", "送样试用", 50, false, false),
    ("40", "商务谈判", 80, false, false),
    ("50", "赢单", 100, true, false),
    ("60", "输单", 0, false, true),
];
const CATEGORIES: [&str; 5] = ["工业化学品", "涂料", "塑料", "橡胶", "树脂"];

/// The objects of the data set, in the order of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BenchObject {
    Region,
    ItemCategory,
    Department,
    Employee,
    SalesStage,
    InventoryItem,
    Customer,
    /// The related employees of customers, created with them.
    CustomerEmployee,
    Contact,
    Opportunity,
    SalesOrder,
    /// The lines of orders, created with them.
    SalesOrderLine,
}

impl BenchObject {
    /// Every object with a list of its own.
    pub(super) const ALL: [Self; 10] = [
        Self::Region,
        Self::ItemCategory,
        Self::Department,
        Self::Employee,
        Self::SalesStage,
        Self::InventoryItem,
        Self::Customer,
        Self::Contact,
        Self::Opportunity,
        Self::SalesOrder,
    ];

    /// The object's API name.
    pub(super) fn object(self) -> &'static str {
        match self {
            Self::Region => "Region",
            Self::ItemCategory => "ItemCategory",
            Self::Department => "Department",
            Self::Employee => "Employee",
            Self::SalesStage => "SalesStage",
            Self::InventoryItem => "InventoryItem",
            Self::Customer => "Customer",
            Self::CustomerEmployee => "CustomerEmployee",
            Self::Contact => "Contact",
            Self::Opportunity => "Opportunity",
            Self::SalesOrder => "SalesOrder",
            Self::SalesOrderLine => "SalesOrderLine",
        }
    }

    /// The field with lines, and their object.
    pub(super) fn lines(self) -> Option<(&'static str, Self)> {
        match self {
            Self::SalesOrder => Some(("lines", Self::SalesOrderLine)),
            Self::Customer => Some((EMPLOYEES, Self::CustomerEmployee)),
            _ => None,
        }
    }

    /// Whether its records are lines.
    pub(super) fn is_line(self) -> bool {
        matches!(self, Self::SalesOrderLine | Self::CustomerEmployee)
    }

    /// The fields with values, without those that the platform fills.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Region => &["code", "name"],
            Self::ItemCategory => &["code", "name", "parent", "isNew"],
            Self::Department => &["code", "name", "parent", "kind", "function", "isVirtual"],
            Self::Employee => &[
                "code",
                "name",
                "department",
                "isSalesperson",
                "jobTitle",
                "mobile",
                "hiredOn",
                "status",
            ],
            Self::SalesStage => &["code", "name", "sequence", "probability", "isWon", "isLost"],
            Self::InventoryItem => &[
                "code",
                "name",
                "specification",
                "category",
                "unit",
                "taxRate",
                "isHazardous",
                "status",
            ],
            Self::Customer => &[
                "code",
                "name",
                "shortName",
                "type",
                "level",
                "lifecycle",
                "industry",
                "region",
                "department",
                "owner",
                "staffCount",
                "yearlyDemand",
                "creditLimit",
                "creditDays",
                "phone",
                "city",
                "address",
                "lastActivityAt",
            ],
            Self::Contact => &[
                "name",
                "customer",
                "gender",
                "jobTitle",
                "role",
                "isPrimary",
                "mobile",
                "isActive",
            ],
            Self::Opportunity => &[
                "name",
                "customer",
                "stage",
                "amount",
                "probability",
                "openedOn",
                "expectedCloseOn",
                "closedOn",
                "department",
                "owner",
            ],
            Self::SalesOrder => &[
                "customer",
                "orderDate",
                "requiredDate",
                "status",
                "salesMode",
                "paymentTerms",
                "deliveryAddress",
                "department",
                "owner",
            ],
            Self::CustomerEmployee => {
                &["employee", "isResponsible", "isPrimary", "source", "since", "recordedAt"]
            }
            Self::SalesOrderLine => {
                &["item", "quantity", "unit", "price", "discountPercent", "amount"]
            }
        }
    }
}

/// The size of the data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct World {
    customers: i64,
}

impl World {
    /// The manager's departments, by index.
    pub(super) const MANAGED: std::ops::Range<i64> = 8..16;

    /// The data set at a scale. Scale 1 has 200,000 customers; there are at least 100.
    pub(super) fn scaled(scale: Decimal) -> Self {
        let customers = (scale * Decimal::from(200_000)).to_i64().unwrap_or(0);
        Self { customers: customers.clamp(100, 20_000_000) }
    }

    /// The number of an object's records.
    pub(super) fn count(self, kind: BenchObject) -> i64 {
        match kind {
            BenchObject::Region => 8,
            BenchObject::ItemCategory => 5,
            BenchObject::Department => 60,
            BenchObject::Employee => 500,
            BenchObject::SalesStage => 6,
            BenchObject::InventoryItem => 5_000,
            BenchObject::Customer => self.customers,
            // One for each owner, and one more for every second customer.
            BenchObject::CustomerEmployee => self.customers + (self.customers + 1) / 2,
            BenchObject::Contact => self.customers * 2,
            BenchObject::Opportunity => self.customers * 3 / 2,
            BenchObject::SalesOrder => self.customers * 5 / 2,
            BenchObject::SalesOrderLine => self.customers * 5 / 2 * LINES,
        }
    }

    /// The number of all rows, including lines.
    pub(super) fn rows(self) -> i64 {
        BenchObject::ALL.iter().map(|kind| self.count(*kind)).sum::<i64>()
            + self.count(BenchObject::CustomerEmployee)
            + self.count(BenchObject::SalesOrderLine)
    }

    /// The indexes of a record's lines.
    pub(super) fn lines_of(self, line: BenchObject, head: i64) -> std::ops::Range<i64> {
        match line {
            BenchObject::CustomerEmployee => {
                let from = head + (head + 1) / 2;
                from..from + 1 + i64::from(head % 2 == 0)
            }
            _ => head * LINES..(head + 1) * LINES,
        }
    }

    /// When a record was created: set-up objects first, the others evenly over three years.
    pub(super) fn created(self, kind: BenchObject, ix: i64) -> DateTime<Utc> {
        let at = match kind {
            BenchObject::Customer
            | BenchObject::Contact
            | BenchObject::Opportunity
            | BenchObject::SalesOrder => START + SPAN * ix / self.count(kind).max(1),
            BenchObject::CustomerEmployee => {
                return self.created(BenchObject::Customer, ix * 2 / 3);
            }
            BenchObject::SalesOrderLine => {
                return self.created(BenchObject::SalesOrder, ix / LINES);
            }
            _ => START - 86_400 + ix,
        };
        DateTime::from_timestamp(at, 0).unwrap_or_default()
    }

    /// The end of the time span in which records were created.
    pub(super) fn end(self) -> DateTime<Utc> {
        DateTime::from_timestamp(START + SPAN, 0).unwrap_or_default()
    }

    /// A record's id: UUID version 7 with its time of creation.
    pub(super) fn id(self, kind: BenchObject, ix: i64) -> Uuid {
        let mut random = draw(kind, ix, 1);
        let mut bytes = [0_u8; 10];
        for byte in &mut bytes {
            *byte = u8::try_from(random.between(0, 255)).unwrap_or(0);
        }
        let millis = u64::try_from(self.created(kind, ix).timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    fn reference(self, kind: BenchObject, ix: i64) -> Value {
        Value::Id(self.id(kind, ix))
    }

    fn day(self, kind: BenchObject, ix: i64) -> NaiveDate {
        self.created(kind, ix).date_naive()
    }

    /// The index of a customer's department.
    pub(super) fn department_of(self, customer: i64) -> i64 {
        customer % self.count(BenchObject::Department)
    }

    /// The index of a customer's owner.
    pub(super) fn owner_of(self, customer: i64) -> i64 {
        customer % self.count(BenchObject::Employee)
    }

    /// The values of a record, in the order of [`BenchObject::fields`].
    pub(super) fn record(self, kind: BenchObject, ix: i64) -> Vec<Value> {
        let mut random = draw(kind, ix, 0);
        match kind {
            BenchObject::Region => vec![text(format!("Q{ix}")), text(*nth(&REGIONS, ix))],
            BenchObject::ItemCategory => {
                let top = self.reference(BenchObject::ItemCategory, 0);
                let parent = if ix == 0 { Value::Null } else { top };
                vec![
                    text(format!("F{ix}")),
                    text(*nth(&CATEGORIES, ix)),
                    parent,
                    Value::Bool(ix == 4),
                ]
            }
            BenchObject::Department => self.department(ix),
            BenchObject::Employee => vec![
                text(format!("E{ix:04}")),
                text(person(&mut random)),
                self.reference(BenchObject::Department, self.department_of(ix)),
                Value::Bool(true),
                text("业务员"),
                text(mobile(&mut random)),
                Value::Date(self.day(BenchObject::Region, 0)),
                text("ACTIVE"),
            ],
            BenchObject::SalesStage => {
                let (code, name, probability, won, lost) = *nth(&STAGES, ix);
                vec![
                    text(code),
                    text(name),
                    Value::Int(ix + 1),
                    Value::Int(probability),
                    Value::Bool(won),
                    Value::Bool(lost),
                ]
            }
            BenchObject::InventoryItem => vec![
                text(format!("I{ix:05}")),
                text(format!("{}原料 {ix}", nth(&CATEGORIES, ix % 4 + 1))),
                text(format!("{}kg/桶", 5 * random.between(1, 40))),
                self.reference(BenchObject::ItemCategory, ix % 4 + 1),
                text(*random.pick(&UNITS)),
                Value::Decimal(Decimal::new(1_300, 2)),
                Value::Bool(random.chance(10)),
                text("ON_SALE"),
            ],
            BenchObject::Customer => self.customer(ix, &mut random),
            BenchObject::Contact => vec![
                text(person(&mut random)),
                self.reference(BenchObject::Customer, self.customer_of(kind, ix)),
                text(if random.chance(70) { "MALE" } else { "FEMALE" }),
                text(*random.pick(&TITLES)),
                text(*random.pick(&ROLES)),
                Value::Bool(ix % 2 == 0),
                text(mobile(&mut random)),
                Value::Bool(true),
            ],
            BenchObject::Opportunity => self.opportunity(ix, &mut random),
            BenchObject::SalesOrder => self.order(ix, &mut random),
            BenchObject::CustomerEmployee => self.related(ix, &mut random),
            BenchObject::SalesOrderLine => {
                let items = self.count(BenchObject::InventoryItem);
                let quantity = random.between(1, 500);
                let price = random.between(500, 90_000);
                vec![
                    self.reference(BenchObject::InventoryItem, random.between(0, items - 1)),
                    Value::Decimal(Decimal::from(quantity)),
                    text(*random.pick(&UNITS)),
                    Value::Decimal(Decimal::new(price, 2)),
                    Value::Decimal(Decimal::ZERO),
                    Value::Decimal(Decimal::new(quantity * price, 2)),
                ]
            }
        }
    }

    /// The index of the customer that a record belongs to. Both are about equally old.
    fn customer_of(self, kind: BenchObject, ix: i64) -> i64 {
        ix * self.customers / self.count(kind).max(1)
    }

    /// A root, seven divisions, and teams below those.
    fn department(self, ix: i64) -> Vec<Value> {
        let above = |ix| self.reference(BenchObject::Department, ix);
        let (parent, kind, name) = match ix {
            0 => (Value::Null, "COMPANY", "公司".to_owned()),
            1..=7 => (above(0), "DIVISION", format!("第{ix}事业部")),
            _ => (above(1 + (ix - 8) % 7), "TEAM", format!("第{}销售部", ix - 7)),
        };
        vec![
            text(format!("D{ix:02}")),
            text(name),
            parent,
            text(kind),
            text("MARKETING"),
            Value::Bool(false),
        ]
    }

    fn customer(self, ix: i64, random: &mut Random) -> Vec<Value> {
        let region = random.between(0, 7);
        let city = *nth(&CITIES, region);
        let trade = *random.pick(&TRADES);
        let seen =
            self.created(BenchObject::Customer, ix).timestamp() + random.between(0, 90) * 86_400;
        vec![
            text(format!("C{ix:07}")),
            text(format!("{city}{}{trade}有限公司", nth(&GIVEN, random.between(0, 9)))),
            text(format!("{city}{trade}{}", ix % 1_000)),
            text("INDUSTRIAL_END"),
            text(*random.pick(&LEVELS)),
            text(*random.pick(&LIFECYCLES)),
            text(*random.pick(&INDUSTRIES)),
            self.reference(BenchObject::Region, region),
            self.reference(BenchObject::Department, self.department_of(ix)),
            self.reference(BenchObject::Employee, self.owner_of(ix)),
            Value::Int(random.between(5, 3_000)),
            Value::Decimal(Decimal::new(random.between(1, 2_000) * 100_000, 2)),
            Value::Decimal(Decimal::new(random.between(0, 500) * 100_000, 2)),
            Value::Int(30 * random.between(0, 4)),
            text(format!("022-{}", random.digits(8))),
            text(city),
            text(format!("{city}市工业园{}路{}号", random.pick(&GIVEN), random.between(1, 999))),
            DateTime::from_timestamp(seen, 0).map_or(Value::Null, Value::DateTime),
        ]
    }

    /// First the owner, as a save would store them. Every second customer also has another random employee.
    fn related(self, ix: i64, random: &mut Random) -> Vec<Value> {
        let customer = ix * 2 / 3;
        let owns = ix == self.lines_of(BenchObject::CustomerEmployee, customer).start;
        let owner = self.owner_of(customer);
        let other = (owner + random.between(1, self.count(BenchObject::Employee) - 1))
            % self.count(BenchObject::Employee);
        vec![
            self.reference(BenchObject::Employee, if owns { owner } else { other }),
            Value::Bool(owns),
            Value::Bool(owns),
            text(if owns { "OWNER" } else { "MANUAL" }),
            Value::DateTime(self.created(BenchObject::Customer, customer)),
            Value::DateTime(self.created(BenchObject::Customer, customer)),
        ]
    }

    fn opportunity(self, ix: i64, random: &mut Random) -> Vec<Value> {
        let customer = self.customer_of(BenchObject::Opportunity, ix);
        let stage = random.between(0, 5);
        let (_, _, probability, won, lost) = *nth(&STAGES, stage);
        let opened = self.day(BenchObject::Opportunity, ix);
        let close = opened + Days::new(u64::try_from(random.between(20, 180)).unwrap_or(20));
        vec![
            text(format!("{}采购项目 {ix}", random.pick(&TRADES))),
            self.reference(BenchObject::Customer, customer),
            self.reference(BenchObject::SalesStage, stage),
            Value::Decimal(Decimal::new(random.between(1, 900) * 100_000, 2)),
            Value::Int(probability),
            Value::Date(opened),
            Value::Date(close),
            if won || lost { Value::Date(close) } else { Value::Null },
            self.reference(BenchObject::Department, self.department_of(customer)),
            self.reference(BenchObject::Employee, self.owner_of(customer)),
        ]
    }

    fn order(self, ix: i64, random: &mut Random) -> Vec<Value> {
        let customer = self.customer_of(BenchObject::SalesOrder, ix);
        let day = self.day(BenchObject::SalesOrder, ix);
        vec![
            self.reference(BenchObject::Customer, customer),
            Value::Date(day),
            Value::Date(day + Days::new(u64::try_from(random.between(3, 30)).unwrap_or(3))),
            text(*random.pick(&["AUDITED", "SHIPPED", "CLOSED", "CANCELLED"])),
            text("STOCK"),
            text(*random.pick(&["PREPAID", "ON_DELIVERY", "NET_30", "NET_60"])),
            text(format!("{}市工业园{}号", random.pick(&CITIES), random.between(1, 999))),
            self.reference(BenchObject::Department, self.department_of(customer)),
            self.reference(BenchObject::Employee, self.owner_of(customer)),
        ]
    }
}

/// The random stream of one record. `part` separates its id from its values.
fn draw(kind: BenchObject, ix: i64, part: u64) -> Random {
    let place = u64::try_from(ix).unwrap_or(0);
    let object = (kind as u64 + 1) << 56;
    Random::new(object ^ (part << 48) ^ place)
}

fn nth<T>(list: &[T], ix: i64) -> &T {
    &list[usize::try_from(ix).unwrap_or(0) % list.len()]
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn person(random: &mut Random) -> String {
    format!("{}{}{}", random.pick(&SURNAMES), random.pick(&GIVEN), random.pick(&GIVEN))
}

fn mobile(random: &mut Random) -> String {
    format!("13{}", random.digits(9))
}

/// A random level, for filters and new customers.
pub(super) fn level(random: &mut Random) -> &'static str {
    random.pick::<&'static str>(&LEVELS)
}

/// A random industry, for new customers.
pub(super) fn industry(random: &mut Random) -> &'static str {
    random.pick::<&'static str>(&INDUSTRIES)
}

#[cfg(test)]
mod tests;
