//! Networks of addresses, as settings write them: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`.

use std::{net::IpAddr, str::FromStr};

/// The addresses with a common prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address is one of them. An IPv4 address in IPv6 notation counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (own, bits) = wide(self.address);
        let (other, of) = wide(address.to_canonical());
        let rest = u32::from(bits.saturating_sub(self.bits));
        // For IPv6, `/0` would shift by the whole width, which fails; it contains every address.
        bits == of && (own ^ other).checked_shr(rest).unwrap_or(0) == 0
    }
}

fn wide(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

/// The error for a text that is not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_no_address| NotANetwork)?;
        let (_, most) = wide(address);
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_no_number| NotANetwork)?
            }
            Some(_) => return Err(NotANetwork),
            None => most,
        };
        if bits <= most { Ok(Self { address, bits }) } else { Err(NotANetwork) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_what_begins_alike() {
        for (network, within, beside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.7/31", "::ffff:192.0.2.6", "192.0.2.8"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"),
            ("::/0", "fe80::1", "127.0.0.1"),
            ("::1", "::1", "::2"),
        ] {
            let known: Network = network.parse().unwrap();
            assert!(known.contains(within.parse().unwrap()), "{network} {within}");
            assert!(!known.contains(beside.parse().unwrap()), "{network} {beside}");
        }
        for bad in
            ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "10.0.0.0/", "x", "1.2.3.4/+8"]
        {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
