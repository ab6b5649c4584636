//! The form of web origins. Does not decide which origins are allowed.

/// Returns the origin if it has the form that browsers send, such as `https://crm.example.com` or
/// `http://localhost:5173`.
pub(super) fn origin(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, host) = text.split_once("://")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._[]:".contains(c);
    let port = match (scheme, host.rsplit_once(':')) {
        ("http", Some((_, "80"))) | ("https", Some((_, "443"))) => false,
        ("http" | "https", _) => true,
        _ => false,
    };
    (port && !host.is_empty() && !host.ends_with(':') && host.chars().all(plain))
        .then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_write_them() {
        for (text, fits) in [
            ("https://crm.example.com", true),
            ("http://localhost:5173", true),
            ("http://[::1]:3000", true),
            ("capacitor://localhost", false),
            ("https://crm.example.com/", false),
            ("https://crm.example.com:443", false),
            ("http://crm.example.com:80", false),
            ("https://CRM.example.com", false),
            ("https://*.example.com", false),
            ("*", false),
            ("null", false),
            ("https://", false),
            ("https://a:", false),
            ("https://a b", false),
            ("https://me@a", false),
        ] {
            assert_eq!(origin(text).is_some(), fits, "{text}");
        }
    }
}
