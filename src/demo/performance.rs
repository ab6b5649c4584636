//! The demo company's sales targets, performance rules and sales options.

use chrono::{Datelike, NaiveDate};

use super::organisation::territory;
use super::people::STAFF;
use super::random::Random;
use super::seed::{Seed, day, money};

/// Returns this year's targets: of every salesperson, and of the departments of the demo's managers.
pub(super) fn targets(today: NaiveDate) -> Vec<Seed> {
    let random = &mut Random::new(0x7461_7267_6574_7300);
    let year = today.year();
    let mut seeds = Vec::new();
    for staff in STAFF.iter().filter(|staff| staff.sells) {
        seeds.push(
            Seed::new("SalesTarget", staff.key)
                .with("year", year)
                .with("period", "YEAR")
                .link("department", "Department", staff.department)
                .link("employee", "Employee", staff.key)
                .maybe_link("productLine", "ItemCategory", territory(staff.department).1)
                .with("measure", "ORDERS")
                .with("amount", money(random.between(30, 120) * 10_000_000)),
        );
    }
    for department in ["TJ-TL", "TJ-SL", "TJ-FGS", "SH-TL", "SH-SL"] {
        for period in ["Q1", "Q2", "Q3", "Q4"] {
            seeds.push(
                Seed::new("SalesTarget", format!("{department}-{period}"))
                    .with("year", year)
                    .with("period", period)
                    .link("department", "Department", department)
                    .with("measure", "CONTRACTS")
                    .with("amount", money(random.between(60, 150) * 10_000_000)),
            );
        }
    }
    seeds
}

/// Returns the performance rules.
pub(super) fn rules(today: NaiveDate) -> Vec<Seed> {
    let first = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let rule =
        |code: &str, name: &str, measure: &str, attribution: &str, department: Option<&str>| {
            Seed::new("PerformanceRule", code)
                .with("code", code)
                .with("name", name)
                .with("measure", measure)
                .with("attribution", attribution)
                .maybe_link("department", "Department", department)
                .with("validFrom", day(first))
        };
    vec![
        rule("YJ01", "订单业绩归单据业务员", "ORDERS", "SALESPERSON", None),
        rule("YJ02", "合同业绩归单据部门", "CONTRACTS", "DEPARTMENT", None),
        rule("YJ03", "新客户归客户专管业务员", "NEW_CUSTOMERS", "CUSTOMER_OWNER", None),
        rule("YJ04", "天津发货归业务部门", "DELIVERIES", "BUSINESS_DEPARTMENT", Some("TJ-FGS")),
    ]
}

/// Returns the sales options, as the upstream system has them.
pub(super) fn options() -> Vec<Seed> {
    let option = |(code, name, on, remark): (&'static str, &str, bool, &str)| {
        Seed::new("SalesOption", code)
            .with("code", code)
            .with("name", name)
            .with("isOn", on)
            .with("remark", remark)
    };
    let options = [
        (
            "deliveryNote.controlByCustomer",
            "发货单按客户权限控制",
            true,
            "关闭后凭功能权限即可查询发货单。",
        ),
        ("deliveryNote.controlByDepartment", "发货单按部门权限控制", true, "与客户权限同时满足。"),
        ("salesOrder.requireQuote", "销售订单须来源于报价", false, "现货小单免报价。"),
        ("salesOrder.checkCredit", "审核订单时检查信用额度", true, "超额度的订单须财务同意。"),
        ("price.allowBelowList", "允许低于价格表开单", false, "须有价格修改权限，差异留痕。"),
    ];
    options.into_iter().map(option).collect()
}
