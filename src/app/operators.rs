//! Accounts made and looked after from the command line, where nobody is signed in.

use uuid::Uuid;

use super::Company;
use crate::{
    access::ADMINISTRATOR,
    base::{Code, Error, Value},
    graphql::operator_of,
    identity::{SignInLink, form},
    records::{self, Change, Input, Op, Saved},
};

impl Company {
    /// Makes an operator with a password; `administrator` gives every right. A colleague who was confirmed and
    /// has no password yet gets this one.
    pub async fn add_operator(
        &self,
        account: &str,
        name: &str,
        password: &str,
        administrator: bool,
    ) -> Result<Uuid, Error> {
        // Before anything is written: an operator without a password would be left behind.
        let wanted = form(account)?;
        self.identity.accept_password(&wanted, name, password).await?;
        let id = match self.operator_of(&wanted).await? {
            None => self.make_operator(account, name).await?,
            Some((id, false)) => id,
            Some((_, true)) => {
                return Err(Error::new(
                    Code::RecordTaken,
                    format!("there is an account `{wanted}` already"),
                    format!("账号 `{wanted}` 已存在"),
                )
                .at(["account"])
                .hint(
                    "`tradewind user passwd` sets another password",
                    "可用 `tradewind user passwd` 设置新密码",
                ));
            }
        };
        self.identity.set_password(id, &wanted, password).await?;
        if administrator {
            self.identity.set_roles(id, &[ADMINISTRATOR.to_owned()]).await?;
        }
        Ok(id)
    }

    /// The operator of an account, and whether there is a password.
    pub async fn operator_of(&self, account: &str) -> Result<Option<(Uuid, bool)>, Error> {
        let session = self.system_session("whose an account is");
        let Some(operator) = operator_of(&session, account).await? else { return Ok(None) };
        let logins = self.identity.accounts().await?;
        Ok(Some((operator, logins.iter().any(|(known, _)| *known == operator))))
    }

    /// A new password for an account, also the first.
    pub async fn renew_password(&self, account: &str, password: &str) -> Result<(), Error> {
        let operator = self.known_operator(account).await?;
        self.identity.renew_password(operator, account, password).await
    }

    /// Makes a link with which the owner of an account sets their own password.
    pub async fn make_link(&self, account: &str) -> Result<SignInLink, Error> {
        let operator = self.known_operator(account).await?;
        self.identity.make_link(None, operator, account).await
    }

    /// The operator of an account, by which somebody signs in or will.
    pub async fn known_operator(&self, account: &str) -> Result<Uuid, Error> {
        let wanted = form(account)?;
        let logins = self.identity.accounts().await?;
        if let Some((operator, _)) = logins.into_iter().find(|(_, known)| *known == wanted) {
            return Ok(operator);
        }
        self.operator_of(&wanted).await?.map(|(operator, _)| operator).ok_or_else(|| {
            Error::new(
                Code::InputValue,
                format!("there is no account `{account}`"),
                format!("没有账号 `{account}`"),
            )
            .at(["account"])
        })
    }

    async fn make_operator(&self, account: &str, name: &str) -> Result<Uuid, Error> {
        let session = self.system_session("an operator made from the command line");
        let object = session
            .catalog
            .named("Operator")
            .ok_or_else(|| Error::internal("the catalog has no operators"))?;
        let mut input = Input::default();
        for (field, text) in [("account", account), ("name", name)] {
            if let Some((ix, _)) = object.named(field) {
                input.values.push((ix, Value::Text(text.to_owned())));
            }
        }
        let change = Change { object: object.ix, op: Op::Create(input) };
        match records::save(&session, &change).await? {
            Saved::Done(id) => Ok(id),
            Saved::Refused(faults) => {
                Err(faults.into_iter().next().unwrap_or_else(|| Error::internal("refused")))
            }
        }
    }
}
