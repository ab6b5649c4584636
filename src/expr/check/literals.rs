//! Constants as written: exact numbers, text, true, false and null.
//!
//! Numbers with a fraction are parsed from the text itself, so no digit passes through a float.

use cel::common::ast::{IdedExpr, LiteralValue};
use rust_decimal::Decimal;

use super::Checker;
use crate::base::Value;
use crate::expr::{Expr, ExprError, Type, messages};

impl Checker<'_> {
    pub(super) fn literal(&mut self, literal: &LiteralValue, node: &IdedExpr) -> Option<Expr> {
        let at = self.at(node);
        let refused = match literal {
            LiteralValue::Null => return Some(Expr::constant(Value::Null, Type::Null)),
            LiteralValue::Boolean(bool) => {
                return Some(Expr::constant(Value::Bool(*bool.inner()), Type::Bool));
            }
            LiteralValue::Int(int) => {
                return Some(Expr::constant(Value::Int(*int.inner()), Type::Int));
            }
            LiteralValue::String(text) if text.inner().contains('\0') => messages::zero_character(),
            LiteralValue::String(text) => {
                return Some(Expr::constant(Value::Text(text.inner().to_owned()), Type::Text));
            }
            LiteralValue::Double(double) => {
                let written = self.parsed.token(node.id).unwrap_or_default();
                match exact(written) {
                    Some(size) => {
                        let negative = double.inner().is_sign_negative() && !size.is_zero();
                        let decimal = if negative { -size } else { size };
                        return Some(Expr::constant(Value::Decimal(decimal), Type::Decimal));
                    }
                    None => messages::too_many_digits(written),
                }
            }
            LiteralValue::UInt(_) => messages::unsigned(),
            LiteralValue::Bytes(_) => messages::no_bytes(),
        };
        self.refuse(ExprError::new(refused, at))
    }
}

/// The exact value of a number as written, with an exponent if it has one; `None` if no
/// decimal represents it exactly.
pub(super) fn exact(written: &str) -> Option<Decimal> {
    let lower = written.trim_start_matches('-').to_ascii_lowercase();
    let (digits, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let digits = if digits.starts_with('.') { format!("0{digits}") } else { digits.to_owned() };
    let mut number = Decimal::from_str_exact(&digits).ok()?.normalize();
    let exponent: i32 = exponent.parse().ok()?;
    if number.is_zero() {
        return Some(Decimal::ZERO);
    }
    let scale = i64::from(number.scale()) - i64::from(exponent);
    if scale >= 0 {
        number.set_scale(u32::try_from(scale).ok()?).ok()?;
        return Some(number.normalize());
    }
    number.set_scale(0).ok()?;
    (0..scale.unsigned_abs()).try_fold(number, |number, _| number.checked_mul(Decimal::TEN))
}
