//! The currency in which a company keeps its money. Owns the form of its code; must not know rates.

use std::{fmt, str::FromStr};

/// A currency by its three letters of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency([u8; 3]);

impl Default for Currency {
    fn default() -> Self {
        Self(*b"CNY")
    }
}

/// The error for a text that is not the code of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCurrency;

impl FromStr for Currency {
    type Err = NoCurrency;

    fn from_str(text: &str) -> Result<Self, NoCurrency> {
        match text.as_bytes() {
            [a, b, c] if text.bytes().all(|letter| letter.is_ascii_uppercase()) => {
                Ok(Self([*a, *b, *c]))
            }
            _ => Err(NoCurrency),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_three_capital_letters() {
        assert_eq!(Currency::default().to_string(), "CNY");
        assert_eq!("EUR".parse::<Currency>().map(|known| known.to_string()), Ok("EUR".to_owned()));
        for wrong in ["", "eur", "EU", "EURO", "E1R", "¥"] {
            assert_eq!(wrong.parse::<Currency>(), Err(NoCurrency), "{wrong}");
        }
    }
}
