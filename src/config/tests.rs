//! Tests of layers, ranges and error messages.

use super::*;
use crate::base::foreign;

/// A file, variables, and the expected error.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);

fn load(
    file: &str,
    variables: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<Settings, ConfigError> {
    Settings::load(&Sources {
        flags: flags.iter().map(|(key, value)| (*key, (*value).to_owned())).collect(),
        variables: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        file: (!file.is_empty()).then(|| ("a.toml".to_owned(), file.to_owned())),
    })
}

#[test]
fn defaults_are_as_documented() {
    let settings = load("", &[], &[]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.database_url.expose(), "sqlite://data/tradewind.db");
    assert_eq!(settings.zone, Tz::Asia__Shanghai);
    assert_eq!(
        settings.log,
        Log { filter: "info,sqlx=warn,sea_orm_migration=warn".into(), format: LogFormat::Text }
    );
    assert_eq!(settings.auth.access_ttl, Duration::from_mins(15));
    assert_eq!(settings.auth.refresh_ttl, Duration::from_hours(30 * 24));
    assert_eq!((settings.limits.page, settings.limits.max_page), (50, 1000));
    assert_eq!(settings.limits.max_body, 1024 * 1024);
    assert_eq!(settings.limits.timeout, Duration::from_secs(30));
    assert_eq!(load(DEFAULT_FILE, &[], &[]).unwrap(), settings);
    assert!(!format!("{settings:?}").contains("tradewind.db"));
}

#[test]
fn flags_win_over_variables_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\n[limits]\nmax_body = 2048\ndepth = 30";
    let variables = [
        ("TRADEWIND_LISTEN", "127.0.0.1:2"),
        ("TRADEWIND_LIMITS_MAX_BODY", "4096"),
        ("TRADEWIND_SKIP_PLAYGROUND", "1"),
        ("TRADEWIND_TEST_DATABASE", "x"),
        ("HOME", "/"),
    ];
    let settings = load(file, &variables, &[("listen", "127.0.0.1:3")]).unwrap();
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.limits.max_body, 4096);
    assert_eq!(settings.limits.depth, 30);
}

#[test]
fn errors_name_key_origin_and_what_is_allowed() {
    #[rustfmt::skip]
    let cases: &[Case] = &[
        ("", &[("TRADEWIND_LISTEN", "8080")], "listen from the variable TRADEWIND_LISTEN: `8080` is not allowed; use an address with a port, such as 127.0.0.1:8080"),
        ("currency = \"yuan\"", &[], "currency from the file a.toml: `yuan` is not allowed; use a currency's code, such as CNY"),
        ("zone = \"Asia/Beijing\"", &[], "zone from the file a.toml: `Asia/Beijing` is not allowed; use an IANA time zone, such as Asia/Shanghai"),
        ("database_url = \"mysql://u:secret@h\"", &[], "database_url from the file a.toml: its value is not allowed; use sqlite://… or postgres://…"),
        ("[log]\nformat = \"xml\"", &[], "log.format from the file a.toml: `xml` is not allowed; use text or json"),
        ("[log]\nfilter = \"tradewind=loud\"", &[], "log.filter from the file a.toml: `tradewind=loud` is not allowed; use a level (error, warn, info, debug, trace) or levels by module"),
        ("[limits]\ndepth = 1", &[], "limits.depth from the file a.toml: `1` is not allowed; use a whole number from 5 to 200"),
        ("[limits]\ndepth = -1", &[], "limits.depth from the file a.toml: `-1` is not allowed; use a whole number from 5 to 200"),
        ("[limits]\ntimeout = 30", &[], "limits.timeout from the file a.toml: `30` is not allowed; use a time from 100ms to 1h, such as 30s or 15m"),
        ("[limits]\npage = 60\nmax_page = 50", &[], "limits.page from the file a.toml is greater than limits.max_page from the file a.toml; the first may not exceed the second"),
        ("[limits]\ndepht = 9", &[], "limits.depht in the file a.toml: there is no such setting; did you mean limits.depth?"),
        ("[walrus]\nx = 9", &[], "walrus.x in the file a.toml: there is no such setting; `tradewind config` lists what there is"),
        ("limits = 9", &[], "limits in the file a.toml: there is no such setting; did you mean limits.page?"),
        ("[documents]\nonly = true", &[], "documents.only from the file a.toml needs documents.file, which is not set"),
        ("listen = []", &[], "listen in the file a.toml: a single value is wanted"),
        ("", &[("TRADEWIND_LIMITS_MAXBODY", "9")], "TRADEWIND_LIMITS_MAXBODY in the environment: there is no such setting; did you mean TRADEWIND_LIMITS_MAX_BODY?"),
    ];
    for (file, variables, expected) in cases {
        let error = load(file, variables, &[]).unwrap_err();
        assert_eq!(error.to_string(), *expected);
        assert_eq!(foreign(&error.message().zh, Lang::Zh), None, "{}", error.message().zh);
    }
    let wrong = load("zone = \"Asia/Beijing\"", &[], &[]).unwrap_err().message();
    assert_eq!(
        wrong.zh,
        "文件 a.toml 中的 `zone`：`Asia/Beijing`无效；应为 IANA 时区，如 Asia/Shanghai"
    );
    let flag = load("", &[], &[("database_url", "x")]).unwrap_err();
    assert!(flag.to_string().starts_with("database_url from the flag --database-url: its value"));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let error = load("zone = 1\nlisten = 2\nx = 3", &[], &[]).unwrap_err();
    assert_eq!(error.0.len(), 3, "{error}");
    assert!(load("zone =", &[], &[]).unwrap_err().to_string().starts_with("the file a.toml:"));
}
