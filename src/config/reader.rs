//! Layers of settings as texts with their origins, and their reading with errors that name both.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use config::{FileFormat, Source, Value, ValueKind};

use super::{ConfigError, DEFAULT_FILE, Sources};

/// Variables with our prefix that are no settings.
const OTHER_VARIABLES: [&str; 2] = ["TRADEWIND_CONFIG", "TRADEWIND_SKIP_PLAYGROUND"];

/// What a source says about a key.
struct Given {
    text: String,
    origin: String,
}

/// The strongest word on each key, and what was found wrong so far.
pub(super) struct Reader {
    given: BTreeMap<String, Given>,
    /// Keys that take several values.
    lists: BTreeSet<String>,
    /// One line for each mistake.
    pub(super) problems: Vec<String>,
}

impl Reader {
    /// Lays the sources over each other, weakest first. The defaults tell which keys there are.
    pub(super) fn new(sources: &Sources) -> Result<Self, ConfigError> {
        let mut reader =
            Self { given: BTreeMap::new(), lists: BTreeSet::new(), problems: Vec::new() };
        for (key, text, list) in reader.file("the defaults", DEFAULT_FILE)? {
            if list {
                reader.lists.insert(key.clone());
            }
            reader.given.insert(key, Given { text, origin: "the defaults".into() });
        }
        if let Some((name, text)) = &sources.file {
            let origin = format!("the file {name}");
            for (key, text, list) in reader.file(&origin, text)? {
                if list && !reader.lists.contains(&key) && reader.given.contains_key(&key) {
                    reader.problems.push(format!("{key} in {origin}: a single value is wanted"));
                    continue;
                }
                reader.lay(&key, text, origin.clone());
            }
        }
        reader.variables(&sources.variables);
        for (key, text) in &sources.flags {
            let origin = format!("the flag --{}", key.replace('_', "-"));
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
                Some(key) => self.lay(key, value.clone(), format!("the variable {name}")),
                None if ours => self.unknown(name, "the environment", names.keys()),
                None => {}
            }
        }
    }

    /// A file's keys, dotted, with scalars as text; of a list its values with commas between them, and the
    /// word that it is one.
    fn file(
        &mut self,
        origin: &str,
        text: &str,
    ) -> Result<Vec<(String, String, bool)>, ConfigError> {
        let tables = config::File::from_str(text, FileFormat::Toml)
            .collect()
            .map_err(|error| ConfigError(vec![format!("{origin}: {error}")]))?;
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
                    self.problems.push(format!("{key} in {origin}: a single value is wanted"));
                }
                kind => flat.push((key, kind.to_string(), false)),
            }
        }
        flat.sort();
        Ok(flat)
    }

    fn lay(&mut self, key: &str, text: String, origin: String) {
        if let Some(given) = self.given.get_mut(key) {
            *given = Given { text, origin };
        } else {
            let keys: Vec<String> = self.given.keys().cloned().collect();
            self.unknown(key, &origin, keys.iter());
        }
    }

    fn unknown<'a>(&mut self, name: &str, origin: &str, known: impl Iterator<Item = &'a String>) {
        let near = known
            .map(|key| (strsim::jaro_winkler(name, key), key))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let advice = match near {
            Some((_, key)) => format!("did you mean {key}?"),
            None => "`tradewind config` lists what there is".into(),
        };
        self.problems.push(format!("{name} in {origin}: there is no such setting; {advice}"));
    }

    /// The value of a key, if `read` takes it.
    pub(super) fn get<T>(
        &mut self,
        key: &str,
        allowed: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let given = self.given.get(key)?;
        let value = read(given.text.trim());
        if value.is_none() {
            // An address of a database may hold a password.
            let shown = if key == "database_url" {
                "its value".into()
            } else {
                format!("`{}`", given.text)
            };
            self.problems.push(format!(
                "{key} from {}: {shown} is not allowed; use {allowed}",
                given.origin
            ));
        }
        value
    }

    /// The values of a list, if `read` takes each; a variable writes them with commas between them.
    pub(super) fn list<T>(
        &mut self,
        key: &str,
        allowed: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.get(key, allowed, |text| {
            let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
            texts.map(read).collect()
        })
    }

    /// A whole number in a range.
    pub(super) fn number<T: TryFrom<u64>>(
        &mut self,
        key: &str,
        least: u64,
        most: u64,
    ) -> Option<T> {
        self.get(key, &format!("a whole number from {least} to {most}"), |text| {
            let number: u64 = text.replace('_', "").parse().ok()?;
            (least..=most).contains(&number).then_some(number)?.try_into().ok()
        })
    }

    /// A length of time in a range.
    pub(super) fn time(&mut self, key: &str, least: &str, most: &str) -> Option<Duration> {
        self.get(key, &format!("a time from {least} to {most}, such as 30s or 15m"), |text| {
            let time = time(text)?;
            (time >= time_or_zero(least) && time <= time_or_zero(most)).then_some(time)
        })
    }

    /// Two settings that exclude each other.
    pub(super) fn clash(&mut self, smaller: &str, greater: &str) {
        let origin = |key: &str| self.given.get(key).map_or("", |given| given.origin.as_str());
        self.problems.push(format!(
            "{smaller} from {} is greater than {greater} from {}; the first may not exceed the second",
            origin(smaller),
            origin(greater)
        ));
    }
}

/// The variable of a key: `limits.max_body` is `TRADEWIND_LIMITS_MAX_BODY`.
fn variable(key: &str) -> String {
    format!("TRADEWIND_{}", key.replace('.', "_").to_uppercase())
}

fn time_or_zero(text: &str) -> Duration {
    time(text).unwrap_or_default()
}

/// `500ms`, `30s`, `15m`, `12h`, `30d`.
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
