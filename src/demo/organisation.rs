//! The demo company's regions, departments, employees and operators.
//!
//! Departments form a matrix: product lines by branches, with one virtual department per branch.

use chrono::NaiveDate;

use super::people::{STAFF, Staff};
use super::random::Random;
use super::seed::{Seed, day, shift};

/// Code, name, code of the parent region.
const REGIONS: [(&str, &str, Option<&str>); 10] = [
    ("HB", "华北", None),
    ("HD", "华东", None),
    ("DN", "东南", None),
    ("ZN", "中南", None),
    ("XB", "西北", None),
    ("SH", "上海", Some("HD")),
    ("TJ", "天津", Some("HB")),
    ("QZ", "泉州", Some("DN")),
    ("QD", "青岛", Some("HD")),
    ("HW", "海外", None),
];

struct Unit {
    code: &'static str,
    name: &'static str,
    parent: Option<&'static str>,
    kind: &'static str,
    function: &'static str,
    region: &'static str,
    line: Option<&'static str>,
}

const fn unit(
    code: &'static str,
    name: &'static str,
    parent: &'static str,
    kind: &'static str,
    function: &'static str,
    region: &'static str,
) -> Unit {
    Unit { code, name, parent: Some(parent), kind, function, region, line: None }
}

const fn selling(
    code: &'static str,
    name: &'static str,
    parent: &'static str,
    kind: &'static str,
    region: &'static str,
    line: &'static str,
) -> Unit {
    let function = "MARKETING";
    Unit { code, name, parent: Some(parent), kind, function, region, line: Some(line) }
}

const UNITS: [Unit; 30] = [
    Unit {
        code: "HQ",
        name: "信风化工有限公司",
        parent: None,
        kind: "COMPANY",
        function: "OPERATIONS",
        region: "SH",
        line: None,
    },
    unit("XS", "国内销售部", "HQ", "DIVISION", "MARKETING", "SH"),
    selling("SH-TL", "涂料事业部", "XS", "DIVISION", "SH", "TL"),
    selling("SH-SL", "塑料事业部", "XS", "DIVISION", "SH", "SL"),
    selling("SH-XJ", "橡胶事业部", "XS", "DIVISION", "SH", "XJ"),
    selling("SH-SZ", "树脂事业部", "XS", "DIVISION", "SH", "SZ"),
    unit("HB", "华北办事处", "XS", "OFFICE", "MARKETING", "HB"),
    unit("HD", "华东办事处", "XS", "OFFICE", "MARKETING", "HD"),
    unit("ZN", "中南办事处", "XS", "OFFICE", "MARKETING", "ZN"),
    unit("XB", "西北办事处", "XS", "OFFICE", "MARKETING", "XB"),
    unit("TJ", "天津", "XS", "BRANCH", "MARKETING", "TJ"),
    selling("TJ-TL", "天津涂料部", "TJ", "TEAM", "TJ", "TL"),
    selling("TJ-SL", "天津塑料部", "TJ", "TEAM", "TJ", "SL"),
    unit("TJ-FGS", "天津分公司", "TJ", "BRANCH", "MARKETING", "TJ"),
    unit("QZ", "泉州", "XS", "BRANCH", "MARKETING", "QZ"),
    selling("QZ-TL", "泉州涂料部", "QZ", "TEAM", "QZ", "TL"),
    selling("QZ-SL", "泉州塑料部", "QZ", "TEAM", "QZ", "SL"),
    selling("QZ-XJ", "泉州橡胶部", "QZ", "TEAM", "QZ", "XJ"),
    unit("QZ-FGS", "泉州分公司", "QZ", "BRANCH", "MARKETING", "QZ"),
    unit("QD", "青岛", "XS", "BRANCH", "MARKETING", "QD"),
    selling("QD-TL", "青岛涂料部", "QD", "TEAM", "QD", "TL"),
    selling("QD-XJ", "青岛橡胶部", "QD", "TEAM", "QD", "XJ"),
    unit("QD-FGS", "青岛分公司", "QD", "BRANCH", "MARKETING", "QD"),
    unit("GJ", "国际销售部", "HQ", "DIVISION", "MARKETING", "HW"),
    unit("SC", "市场部", "HQ", "TEAM", "MARKETING", "SH"),
    unit("SW", "商务部", "HQ", "TEAM", "MARKETING", "SH"),
    unit("KF", "客户服务部", "HQ", "TEAM", "SERVICE", "SH"),
    unit("CG", "采购部", "HQ", "TEAM", "OPERATIONS", "SH"),
    unit("CW", "财务部", "HQ", "TEAM", "OPERATIONS", "SH"),
    unit("CY", "储运部", "HQ", "TEAM", "OPERATIONS", "SH"),
];

/// Returns the regions, parents first.
pub(super) fn regions() -> Vec<Seed> {
    let region = |(code, name, parent): (&'static str, &str, Option<&str>)| {
        Seed::new("Region", code)
            .with("code", code)
            .with("name", name)
            .maybe_link("parent", "Region", parent)
    };
    REGIONS.into_iter().map(region).collect()
}

/// Returns the department tree, parents first.
pub(super) fn departments() -> Vec<Seed> {
    let department = |unit: &Unit| {
        Seed::new("Department", unit.code)
            .with("code", unit.code)
            .with("name", unit.name)
            .maybe_link("parent", "Department", unit.parent)
            .with("kind", unit.kind)
            .with("function", unit.function)
            .link("region", "Region", unit.region)
            .maybe_link("productLine", "ItemCategory", unit.line)
            .with("isVirtual", unit.code.ends_with("-FGS"))
    };
    UNITS.iter().map(department).collect()
}

/// Returns a department's region and product line.
pub(super) fn territory(department: &str) -> (&'static str, Option<&'static str>) {
    let found = UNITS.iter().find(|unit| unit.code == department);
    found.map_or(("SH", None), |unit| (unit.region, unit.line))
}

/// Returns all employees, managers first.
pub(super) fn employees(today: NaiveDate, random: &mut Random) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (index, staff) in STAFF.iter().enumerate() {
        let code = format!("RY{:03}", index + 1);
        let area = match territory(staff.department).0 {
            "TJ" | "HB" => "022",
            "QZ" | "DN" => "0595",
            "QD" => "0532",
            _ => "021",
        };
        let business = staff.sells.then_some(staff.department);
        let executive = (staff.key == "sun").then_some("qian");
        let status = if staff.key == "tan" { "ON_LEAVE" } else { "ACTIVE" };
        let seed = Seed::new("Employee", staff.key)
            .with("code", code)
            .with("name", staff.name)
            .link("department", "Department", staff.department)
            .maybe_link("businessDepartment", "Department", business)
            .maybe_link("manager", "Employee", staff.manager)
            .maybe_link("executiveManager", "Employee", executive)
            .with("isSalesperson", staff.sells)
            .with("jobTitle", staff.title)
            .with("phone", format!("{area}-5550{}", random.digits(4)))
            .with("mobile", format!("1390000{}", random.digits(4)))
            .with("email", format!("{}@tradewind.example", staff.key))
            .with("hiredOn", day(shift(today, -random.between(200, 5200))))
            .with("status", status);
        seeds.push(seed);
    }
    seeds
}

/// Returns the operators: the administrator and the employees of [`super::ACCOUNTS`].
pub(super) fn operators() -> Vec<Seed> {
    let admin = Seed::new("Operator", "admin")
        .with("account", "admin")
        .with("name", "系统管理员")
        .with("allowedSystems", vec!["SALES", "SERVICE", "SALES_SERVICE"])
        .with("status", "ENABLED");
    let operator = |(account, _): &(&'static str, &str)| {
        let staff = STAFF.iter().find(|staff| staff.key == *account)?;
        let seed = Seed::new("Operator", *account)
            .with("account", *account)
            .with("name", staff.name)
            .link("employee", "Employee", account)
            .with("allowedSystems", systems(staff))
            .with("status", "ENABLED");
        Some(seed)
    };
    [admin].into_iter().chain(super::ACCOUNTS.iter().filter_map(operator)).collect()
}

fn systems(staff: &Staff) -> Vec<&'static str> {
    match staff.title {
        "客服专员" => vec!["SERVICE"],
        "采购经理" | "财务主管" => vec!["SALES"],
        _ => vec!["SALES", "SALES_SERVICE"],
    }
}
