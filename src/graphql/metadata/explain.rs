//! Explains why someone may or may not do something with a record, what would change that, and who may see
//! it.

use async_graphql::{ID, SimpleObject};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    argument_lookup::{id, object},
    holders::{AccountInfo, accounts},
};
use crate::{
    access::{Action, Branch, BranchKind},
    base::{Error, Lang, Message},
    catalog::{Catalog, Object as Known, within},
    company::Company,
    graphql::faults,
    records::{RelatedBy, Session, related_by},
};

/// One reason for which a role may open a record.
#[derive(SimpleObject)]
struct BranchInfo {
    role: String,
    /// Dimensions of the same role and block hold together or not at all.
    block: usize,
    name: String,
    holds: bool,
    because: String,
}

/// A change that would open the record.
#[derive(SimpleObject)]
struct Suggestion {
    grant: String,
}

/// Why someone may or may not do something.
#[derive(SimpleObject)]
pub(super) struct Explanation {
    allowed: bool,
    branches: Vec<BranchInfo>,
    would_allow: Vec<Suggestion>,
}

fn no_record() -> Error {
    faults::no_record().at(["id"])
}

pub(super) async fn explain(
    company: &Company,
    session: &Session,
    operator: Uuid,
    object_name: &str,
    record: &ID,
    action: Action,
    lang: Lang,
) -> crate::base::Result<Explanation> {
    let object = object(session, object_name)?;
    let record = id(record)?;
    let roles = company.identity.roles(operator).await?;
    let access = company.rights.of(operator, &roles, &session.catalog).await?;
    let rule = [access.row_rule(object, action).clone()];
    let system = session.as_system(EXPLAINING);
    let holds = crate::records::holds(&system, object, record, &rule).await?;
    let allowed = holds.ok_or_else(no_record)? == [true];
    let branches =
        company.rights.explain(operator, &roles, &system, object, record, action).await?;
    let branches = branches.ok_or_else(no_record)?;
    let related = match access.viewer() {
        Some(employee) => related_by(&system, object, record, employee).await?,
        None => Vec::new(),
    };
    let explaining =
        Explaining { catalog: &session.catalog, object, lang, related, zone: session.env.zone };
    let told = branches.iter().map(|(branch, holds)| explaining.told(branch, *holds)).collect();
    let would_allow = match allowed {
        true => Vec::new(),
        false => explaining.suggestions(action, &branches),
    };
    Ok(Explanation { allowed, branches: told, would_allow })
}

/// The object and language of an explanation.
struct Explaining<'e> {
    catalog: &'e Catalog,
    object: &'e Known,
    lang: Lang,
    /// By what the person is related to the record.
    related: Vec<RelatedBy>,
    /// The business time zone.
    zone: Tz,
}

/// Why the server reads what the caller may not.
const EXPLAINING: &str = "explaining the rights of another person";

impl Explaining<'_> {
    /// Returns the title of a field.
    fn title(&self, name: &str) -> Message {
        let field = self.object.named(name).map(|(_, field)| field);
        field.map_or_else(
            || Message::same(name.to_owned()),
            |field| within(&self.catalog.title(self.object, field)),
        )
    }

    fn told(&self, branch: &Branch, holds: bool) -> BranchInfo {
        let (name, because) = match &branch.by {
            BranchKind::System => ("system".to_owned(), says::system(holds)),
            BranchKind::Wall => ("wall".to_owned(), says::wall(holds)),
            BranchKind::Function => ("function".to_owned(), says::function(holds)),
            BranchKind::Pages => ("pages".to_owned(), says::no_pages()),
            BranchKind::State => ("state".to_owned(), says::state(holds)),
            BranchKind::StandIn => ("stand-in".to_owned(), says::stand_in(holds)),
            BranchKind::Open => ("open".to_owned(), says::open()),
            BranchKind::Employees { responsible } => {
                let rules = if holds && !responsible { self.rules() } else { Vec::new() };
                ("employees".to_owned(), says::employees(*responsible, holds, &rules))
            }
            BranchKind::Dimension(name) => {
                (format!("dimension {name}"), says::dimension(name, holds))
            }
            BranchKind::Parent(name) => {
                (format!("parent {name}"), says::parent(&self.title(name), holds))
            }
        };
        let because = because.text(self.lang).to_owned();
        BranchInfo { role: branch.role.clone(), block: branch.block, name, holds, because }
    }

    /// The rules that relate the person to the record, with the days since when they do, where nothing else does.
    fn rules(&self) -> Vec<Message> {
        let each = self.related.iter().map(|by| {
            let code = by.rule.as_deref()?;
            let rule = self.object.rules.iter().find(|rule| rule.code == code);
            let title =
                rule.map_or_else(|| Message::same(code.to_owned()), |rule| rule.label.title(code));
            let since = by
                .since
                .map(|since| since.with_timezone(&self.zone).date_naive().to_string())
                .unwrap_or_default();
            Some(says::rule(&title, code, &since))
        });
        each.collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    /// Returns the smallest changes that would help: a function right, a related employee, or the one missing
    /// dimension.
    fn suggestions(&self, action: Action, branches: &[(Branch, bool)]) -> Vec<Suggestion> {
        let grant = |grant: Message| Suggestion { grant: grant.text(self.lang).to_owned() };
        let object = self.object;
        let gates: Vec<_> = branches
            .iter()
            .filter(|(_, holds)| !holds)
            .filter_map(|(branch, _)| match branch.by {
                BranchKind::System => Some(says::a_system(&object.systems.join(", "))),
                BranchKind::Wall => Some(says::only_roles_of(object.business_line.as_deref())),
                BranchKind::Function => Some(says::a_role_with(action.as_ref(), &object.name)),
                BranchKind::Pages => Some(says::its_pages(&object.name)),
                BranchKind::State => Some(says::another_state()),
                _ => None,
            })
            .map(grant)
            .collect();
        if !gates.is_empty() {
            return gates;
        }
        let mut found = Vec::new();
        for (branch, _) in branches.iter().filter(|(_, holds)| !holds) {
            let same = |other: &&(Branch, bool)| {
                other.0.role == branch.role
                    && other.0.block == branch.block
                    && matches!(other.0.by, BranchKind::Dimension(_) | BranchKind::Parent(_))
            };
            let missing = || branches.iter().filter(same).filter(|(_, holds)| !holds).count();
            let told = match &branch.by {
                BranchKind::Open
                | BranchKind::StandIn
                | BranchKind::System
                | BranchKind::Wall
                | BranchKind::Function
                | BranchKind::Pages
                | BranchKind::State => continue,
                BranchKind::Employees { responsible } => says::as_employee(*responsible),
                BranchKind::Dimension(_) | BranchKind::Parent(_) if missing() > 1 => continue,
                BranchKind::Dimension(name) => says::value_within(name, &branch.role),
                BranchKind::Parent(name) => says::a_right_to_read(&self.title(name)),
            };
            let told = grant(told);
            if !found.iter().any(|known: &Suggestion| known.grant == told.grant) {
                found.push(told);
            }
        }
        found
    }
}

/// The sentences in both languages.
mod says {
    use crate::{base::Message, message};

    fn either(
        holds: bool,
        yes: (&'static str, &'static str),
        no: (&'static str, &'static str),
    ) -> Message {
        Message::from(if holds { yes } else { no })
    }

    pub(super) fn system(holds: bool) -> Message {
        either(
            holds,
            (
                "the operator may enter a system that shows the object",
                "操作员可进入显示该对象的系统",
            ),
            (
                "the operator may not enter a system that shows the object",
                "操作员不能进入显示该对象的系统",
            ),
        )
    }

    pub(super) fn wall(holds: bool) -> Message {
        either(
            holds,
            ("no role held keeps to other business lines", "所持角色均不限于其他业务线"),
            ("a role held keeps to other business lines", "所持角色中有限于其他业务线的"),
        )
    }

    pub(super) fn function(holds: bool) -> Message {
        either(
            holds,
            ("the function right is in a role held", "所持角色含有该功能权限"),
            ("the function right is not in a role held", "所持角色不含该功能权限"),
        )
    }

    pub(super) fn no_pages() -> Message {
        Message::new(
            "the object has no list and detail layout yet, and no role held defines objects",
            "该对象还没有列表布局与详情布局，且所持角色不能定义对象",
        )
    }

    pub(super) fn its_pages(object: &str) -> Message {
        message!(
            "the layouts of `{object}`: `acceptLayouts(object: \"{object}\")` stores them",
            "`{object}` 的布局：可用 `acceptLayouts(object: \"{object}\")` 保存"
        )
    }

    pub(super) fn state(holds: bool) -> Message {
        either(
            holds,
            ("its state leaves this open", "其当前状态允许此操作"),
            ("its state closes this to everyone", "其当前状态不允许任何人进行此操作"),
        )
    }

    pub(super) fn another_state() -> Message {
        Message::new("a move of the record to another state", "通过流程动作将记录移至其他状态")
    }

    pub(super) fn stand_in(holds: bool) -> Message {
        either(
            holds,
            (
                "an employee for whom the person stands in is among the record's",
                "此人所代理的员工是该记录的相关员工",
            ),
            (
                "an employee for whom the person stands in is not among the record's",
                "此人所代理的员工不是该记录的相关员工",
            ),
        )
    }

    pub(super) fn open() -> Message {
        Message::new("the role opens every record", "该角色开放全部记录")
    }

    pub(super) fn rule(title: &Message, code: &str, since: &str) -> Message {
        message!(
            "by the rule “{title}” (`{code}`) since {since}",
            "自 {since} 起由规则“{title}”（`{code}`）添加",
            title,
            code,
            since
        )
    }

    pub(super) fn employees(responsible: bool, holds: bool, rules: &[Message]) -> Message {
        if !rules.is_empty() {
            let rules = Message::joined(rules, (", ", "，"));
            return message!(
                "the person is an employee of the record, {rules}",
                "此人是该记录的相关员工，{rules}",
                rules
            );
        }
        match responsible {
            true => either(
                holds,
                ("the person is a responsible employee of the record", "此人是该记录的负责员工"),
                (
                    "the person is not a responsible employee of the record",
                    "此人不是该记录的负责员工",
                ),
            ),
            false => either(
                holds,
                ("the person is an employee of the record", "此人是该记录的相关员工"),
                ("the person is not an employee of the record", "此人不是该记录的相关员工"),
            ),
        }
    }

    pub(super) fn dimension(name: &str, holds: bool) -> Message {
        match holds {
            true => message!(
                "the record is within what the person has of {name}",
                "该记录在此人的 {name} 范围内"
            ),
            false => message!(
                "the record is not within what the person has of {name}",
                "该记录不在此人的 {name} 范围内"
            ),
        }
    }

    pub(super) fn parent(field: &Message, holds: bool) -> Message {
        match holds {
            true => message!(
                "the person may read the {field} of the record",
                "此人可查看该记录的{field}",
                field,
            ),
            false => message!(
                "the person may not read the {field} of the record",
                "此人不能查看该记录的{field}",
                field,
            ),
        }
    }

    pub(super) fn a_system(names: &str) -> Message {
        message!("one of the systems {names} among the operator's", "操作员可进入系统 {names} 之一")
    }

    pub(super) fn only_roles_of(line: Option<&str>) -> Message {
        match line {
            Some(line) => message!("only roles that keep to {line}", "仅持有限于 {line} 的角色"),
            None => Message::new("only roles that keep to no line", "仅持有不限业务线的角色"),
        }
    }

    pub(super) fn a_role_with(action: &str, object: &str) -> Message {
        message!(
            "a role with `{action}` on `{object}`",
            "持有对 `{object}` 有 `{action}` 权限的角色"
        )
    }

    pub(super) fn as_employee(responsible: bool) -> Message {
        either(
            responsible,
            ("the person as a responsible employee of the record", "将此人设为该记录的负责员工"),
            ("the person as a related employee of the record", "将此人设为该记录的相关员工"),
        )
    }

    pub(super) fn value_within(name: &str, role: &str) -> Message {
        message!(
            "the record's value in what the person has of {name} (role {role})",
            "将该记录的值纳入此人的 {name} 范围（角色 {role}）"
        )
    }

    pub(super) fn a_right_to_read(field: &Message) -> Message {
        message!("a right to read the {field} of the record", "查看该记录的{field}的权限", field,)
    }
}

pub(super) async fn who_can_see(
    company: &Company,
    session: &Session,
    object_name: &str,
    record: &ID,
) -> crate::base::Result<Vec<AccountInfo>> {
    let object = object(session, object_name)?;
    let record = id(record)?;
    let system = session.as_system(EXPLAINING);
    let held = accounts(company).await?;
    let mut rules = Vec::new();
    for known in &held {
        let operator = id(&known.operator)?;
        let access = company.rights.of(operator, &known.roles, &session.catalog).await?;
        rules.push(access.row_rule(object, Action::Read).clone());
    }
    let sees =
        crate::records::holds(&system, object, record, &rules).await?.ok_or_else(no_record)?;
    Ok(held.into_iter().zip(sees).filter(|(_, sees)| *sees).map(|(known, _)| known).collect())
}
