//! Reads layered settings: texts with their sources. Errors name the key and the source.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use config::{FileFormat, Source, Value, ValueKind};

use super::{ConfigError, DEFAULT_FILE, Sources};
use crate::{base::Message, message};

/// Variables with our prefix that are not settings.
const OTHER_VARIABLES: [&str; 2] = ["TRADEWIND_CONFIG", "TRADEWIND_SKIP_PLAYGROUND"];

/// The text of a key and its source.
struct Given {
    text: String,
    origin: Message,
}

/// The effective text of each key, and the mistakes so far.
pub(super) struct ConfigReader {
    given: BTreeMap<String, Given>,
    /// Keys whose values are lists.
    lists: BTreeSet<String>,
    /// One message per mistake.
    pub(super) problems: Vec<Message>,
}

impl ConfigReader {
    /// Merges the sources, weakest first. The defaults define which keys exist.
    pub(super) fn new(sources: &Sources) -> Result<Self, ConfigError> {
        let mut reader =
            Self { given: BTreeMap::new(), lists: BTreeSet::new(), problems: Vec::new() };
        let defaults = Message::from(("the defaults", "默认设置"));
        for (key, text, list) in reader.file(&defaults, DEFAULT_FILE)? {
            if list {
                reader.lists.insert(key.clone());
            }
            reader.given.insert(key, Given { text, origin: defaults.clone() });
        }
        if let Some((name, text)) = &sources.file {
            let origin = message!("the file {name}", "文件 {name}");
            for (key, text, list) in reader.file(&origin, text)? {
                if list && !reader.lists.contains(&key) && reader.given.contains_key(&key) {
                    reader.problems.push(single(&key, &origin));
                    continue;
                }
                reader.lay(&key, text, origin.clone());
            }
        }
        reader.variables(&sources.variables);
        for (key, text) in &sources.flags {
            let flag = key.replace('_', "-");
            let origin = message!("the flag --{flag}", "选项 --{flag}");
            reader.lay(key, text.clone(), origin);
        }
        Ok(reader)
    }

    fn variables(&mut self, variables: &[(String, String)]) {
        let names: BTreeMap<String, String> =
            self.given.keys().map(|key| (variable(key), key.clone())).collect();
        for (name, value) in variables {
            let ours = name.starts_with("TRADEWIND_")
                && !name.starts_with("TRADEWIND_TEST_")
                && !OTHER_VARIABLES.contains(&name.as_str());
            match names.get(name) {
                Some(key) => {
                    let origin = message!("the variable {name}", "环境变量 {name}");
                    self.lay(key, value.clone(), origin);
                }
                None if ours => {
                    let origin = ("the environment", "环境变量").into();
                    self.unknown(name, &origin, names.keys());
                }
                None => {}
            }
        }
    }

    /// Flattens a file into dotted keys, scalars as text and whether it was a list. The values of a list are
    /// joined with commas.
    fn file(
        &mut self,
        origin: &Message,
        text: &str,
    ) -> Result<Vec<(String, String, bool)>, ConfigError> {
        let tables = config::File::from_str(text, FileFormat::Toml).collect().map_err(|error| {
            let error = error.to_string();
            ConfigError(vec![message!("{origin}: {error}", "{origin}：{error}", origin)])
        })?;
        let mut flat = Vec::new();
        let mut rest: Vec<(String, Value)> = tables.into_iter().collect();
        while let Some((key, value)) = rest.pop() {
            match value.kind {
                ValueKind::Table(table) => {
                    rest.extend(
                        table.into_iter().map(|(name, value)| (format!("{key}.{name}"), value)),
                    );
                }
                ValueKind::Array(values) => {
                    let values: Vec<_> =
                        values.iter().map(|value| value.kind.to_string()).collect();
                    flat.push((key, values.join(","), true));
                }
                ValueKind::Nil => {
                    self.problems.push(single(&key, origin));
                }
                kind => flat.push((key, kind.to_string(), false)),
            }
        }
        flat.sort();
        Ok(flat)
    }

    fn lay(&mut self, key: &str, text: String, origin: Message) {
        if let Some(given) = self.given.get_mut(key) {
            *given = Given { text, origin };
        } else {
            let keys: Vec<String> = self.given.keys().cloned().collect();
            self.unknown(key, &origin, keys.iter());
        }
    }

    fn unknown<'a>(
        &mut self,
        name: &str,
        origin: &Message,
        known: impl Iterator<Item = &'a String>,
    ) {
        let near = known
            .map(|key| (strsim::jaro_winkler(name, key), key))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let advice = match near {
            Some((_, key)) => message!("did you mean {key}?", "是否指 {key}？"),
            None => {
                ("`tradewind config` lists what there is", "`tradewind config` 列出全部设置").into()
            }
        };
        self.problems.push(message!(
            "{name} in {origin}: there is no such setting; {advice}",
            "{origin} 中的 `{name}`：没有此设置；{advice}",
            origin,
            advice,
        ));
    }

    /// Returns the value of a key if `read` accepts its text. Otherwise reports a mistake.
    pub(super) fn get<T>(
        &mut self,
        key: &str,
        allowed: impl Into<Message>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let given = self.given.get(key)?;
        let value = read(given.text.trim());
        if value.is_none() {
            // The URL of a database may contain a password.
            let shown = match key {
                "database_url" => Message::from(("its value", "其值")),
                _ => Message::same(format!("`{}`", given.text)),
            };
            let (origin, allowed) = (&given.origin, allowed.into());
            self.problems.push(message!(
                "{key} from {origin}: {shown} is not allowed; use {allowed}",
                "{origin} 中的 `{key}`：{shown}无效；应为{allowed}",
                origin,
                shown,
                allowed,
            ));
        }
        value
    }

    /// Returns the values of a list if `read` accepts each. A variable separates them with commas.
    pub(super) fn list<T>(
        &mut self,
        key: &str,
        allowed: impl Into<Message>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.get(key, allowed, |text| {
            let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
            texts.map(read).collect()
        })
    }

    /// Reads a whole number in a range.
    pub(super) fn number<T: TryFrom<u64>>(
        &mut self,
        key: &str,
        least: u64,
        most: u64,
    ) -> Option<T> {
        let allowed =
            message!("a whole number from {least} to {most}", " {least} 到 {most} 之间的整数");
        self.get(key, allowed, |text| {
            let number: u64 = text.replace('_', "").parse().ok()?;
            (least..=most).contains(&number).then_some(number)?.try_into().ok()
        })
    }

    /// Reads a duration in a range.
    pub(super) fn time(&mut self, key: &str, least: &str, most: &str) -> Option<Duration> {
        let allowed = message!(
            "a time from {least} to {most}, such as 30s or 15m",
            " {least} 到 {most} 之间的时长，如 30s 或 15m",
        );
        self.get(key, allowed, |text| {
            let time = time(text)?;
            (time >= time_or_zero(least) && time <= time_or_zero(most)).then_some(time)
        })
    }

    /// Reports that a setting exceeds another one.
    pub(super) fn clash(&mut self, smaller: &str, greater: &str) {
        let origin =
            |key: &str| self.given.get(key).map_or(Message::same(""), |given| given.origin.clone());
        let (least, most) = (origin(smaller), origin(greater));
        self.problems.push(message!(
            "{smaller} from {least} is greater than {greater} from {most}; the first may not exceed the second",
            "{least} 中的 `{smaller}` 大于 {most} 中的 `{greater}`；前者不得超过后者",
            least,
            most,
        ));
    }
}

impl ConfigReader {
    /// Reports a setting that has no effect without another.
    pub(super) fn needs(&mut self, key: &str, other: &str) {
        let origin = self.given.get(key).map_or(Message::same(""), |given| given.origin.clone());
        self.problems.push(message!(
            "{key} from {origin} needs {other}, which is not set",
            "{origin} 中的 `{key}` 需要同时设置 `{other}`",
            origin,
        ));
    }
}

/// The mistake of giving a list where one value is allowed.
fn single(key: &str, origin: &Message) -> Message {
    message!(
        "{key} in {origin}: a single value is wanted",
        "{origin} 中的 `{key}`：只能是单个值",
        origin,
    )
}

/// Returns the variable of a key: `limits.max_body` is `TRADEWIND_LIMITS_MAX_BODY`.
fn variable(key: &str) -> String {
    format!("TRADEWIND_{}", key.replace('.', "_").to_uppercase())
}

fn time_or_zero(text: &str) -> Duration {
    time(text).unwrap_or_default()
}

/// Parses `500ms`, `30s`, `15m`, `12h`, `30d`.
fn time(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let seconds = match unit.trim() {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}
