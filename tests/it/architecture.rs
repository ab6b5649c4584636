//! The rules of the house, read off the sources: imports only downward, files that say what they own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The rooms from the ground up; each imports only those before it.
const FLOORS: [&[&str]; 13] = [
    &["base"],
    &["expr"],
    &["catalog"],
    &["access", "rules", "bundle"],
    &["sql", "layouts"],
    &["query"],
    &["storage"],
    &["records", "identity", "customize", "workspace"],
    &["rights", "jobs"],
    &["company"],
    &["graphql"],
    &["http", "config", "demo"],
    &["app", "cli", "load_demo", "bench", "schema_files", "main", "lib"],
];

const LONGEST: usize = 530;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

fn all(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    sources(&root.join(folder), &mut found);
    found.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root).unwrap().to_owned(), text)
    };
    found.into_iter().map(read).collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms a source names by `crate::…`, grouped imports included; tests may look anywhere.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let mut rooms = Vec::new();
    for part in code.split("crate::").skip(1) {
        let names = match part.strip_prefix('{') {
            None => vec![part],
            Some(group) => top_level(group),
        };
        for name in names {
            let name: String =
                name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            rooms.push(name);
        }
    }
    rooms
}

/// The parts of `a::{x, y}, b, c}` up to its closing brace.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[from..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn imports_go_downward() {
    let mut wrong = Vec::new();
    for (path, text) in all("src") {
        if path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs") {
            continue;
        }
        let room = path.components().nth(1).unwrap().as_os_str().to_str().unwrap();
        let room = room.trim_end_matches(".rs");
        let own = floor(room).unwrap_or_else(|| panic!("`{room}` is on no floor"));
        for import in imports(&text) {
            let Some(other) = floor(&import) else { continue };
            let beside = other == own && import != room && own < FLOORS.len() - 1;
            if other > own || beside {
                wrong.push(format!("{}: {import}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that do not go downward:\n{}", wrong.join("\n"));
}

#[test]
fn files_say_what_they_own_and_stay_small() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "migrations/src", "benches"] {
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).exists() {
            continue;
        }
        for (path, text) in all(folder) {
            if !text.starts_with("//! ") {
                wrong.push(format!("{}: begins without `//!`", path.display()));
            }
            let lines = text.lines().count();
            if lines > LONGEST {
                wrong.push(format!("{}: {lines} lines", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_front_room_knows_http() {
    for (path, text) in all("src") {
        let front = path.starts_with("src/http")
            || path.starts_with("src/bench")
            || path.ends_with("app.rs");
        assert!(front || !text.contains("axum::"), "{} knows axum", path.display());
    }
}

/// Only `company` makes sessions, and `rights` its own to read what an access is made of. That nobody else builds one
/// field by field, the compiler sees to: a session has fields that only `records` knows.
#[test]
fn sessions_are_made_in_one_place() {
    let asks = ["SessionSource", "self.sessions.s", "source.session(", "source.system("];
    let wrong = all("src").into_iter().filter(|(path, text)| {
        let may = ["src/records", "src/company", "src/rights"];
        !may.iter().any(|room| path.starts_with(room))
            && asks.iter().any(|asks| text.contains(asks))
    });
    let wrong: Vec<_> = wrong.map(|(path, _)| path.display().to_string()).collect();
    assert!(wrong.is_empty(), "make sessions: {wrong:?}");
}

/// The name of the type that a line of code declares.
fn declared_type(line: &str) -> Option<&str> {
    let mut words = line.split([' ', '<', '(', '{', ';', ':', ')']);
    words.find(|word| ["struct", "enum", "trait"].contains(word))?;
    words.next()
}

/// A type that other files see has a name of its own in the program, so that the name alone tells which is meant.
#[test]
fn names_of_types_are_unique() {
    let mut declared: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for (path, text) in all("src") {
        let test =
            path.ends_with("tests.rs") || path.components().any(|c| c.as_os_str() == "tests");
        // Entities of tables are modules with the names that the library asks for.
        if test || path.starts_with("src/storage/platform") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(&text);
        let public = code.lines().filter(|line| line.starts_with("pub"));
        for name in public.filter_map(declared_type) {
            declared.entry(name.to_owned()).or_default().insert(path.clone());
        }
    }
    let shared: Vec<_> = declared.into_iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(shared.is_empty(), "declared by several files: {shared:#?}");
}

/// File names that say nothing of what is inside, with names to write instead.
const RIDDLES: &[(&str, &str)] = &[
    ("administers", "administrator_check"),
    ("alike", "key_violations"),
    ("along", "path_condition"),
    ("among", "list_parameter"),
    ("applying", "apply_schema"),
    ("around", "relative_periods"),
    ("asked", "validated_document"),
    ("beyond", "further_pages"),
    ("changed", "subscription_schema"),
    ("closing", "login_revocation"),
    ("described", "introspection_writer"),
    ("existing", "document_check, schema_mask"),
    ("extras", "access_fields"),
    ("goes_on", "more_extension"),
    ("harm", "fault_injection"),
    ("held", "postgres_pool"),
    ("keeping", "commit_tracking"),
    ("kept", "recycle_bin_rules, kept_connections"),
    ("known", "known_records"),
    ("lanes", "read_pool"),
    ("look", "database_check"),
    ("made_of", "hidden_field_warnings"),
    ("matching", "bulk_by_filter"),
    ("meant", "argument_lookup"),
    ("merged", "ordered_union"),
    ("moving", "reference_moves"),
    ("newest", "creation_order"),
    ("noticed", "change_visibility"),
    ("once", "idempotency"),
    ("parted", "union_scan"),
    ("past", "as_of"),
    ("permitted", "authorize"),
    ("readable", "fault_redaction"),
    ("removed", "recycle_bin_response"),
    ("rests", "dependencies"),
    ("said", "argument_parts"),
    ("several", "batch_create"),
    ("shield", "middleware"),
    ("standing_in", "delegation"),
    ("stood", "as_of"),
    ("taken", "unique_keys"),
    ("ticked", "dimension_values"),
    ("together", "atomic_run"),
    ("told", "disclosed_records"),
    ("turns", "concurrency_limit"),
    ("twice", "duplicate_names"),
    ("viewing", "request_summary"),
    ("waiting", "wait_time"),
    ("wish", "parsed_subscription"),
    ("wishes", "mutation_args"),
    ("written", "source_map, variable_substitution"),
];

/// Ends of type names that fit any type.
const EMPTY_ENDS: [&str; 5] = ["Helper", "Helpers", "Manager", "Util", "Utils"];

/// Phrases of documents, in lower case and without punctuation, with words to write instead.
const PHRASES: &[(&str, &str)] = &[
    ("as they stood", "at the given moment"),
    ("ask anew", "ask again, or check again"),
    ("feed of what", "outbox, or event"),
    ("he", "they, or the role"),
    ("his own", "their own"),
    ("list of values", "picklist"),
    ("looked at anew", "checked again"),
    ("may not give", "may not set"),
    ("she", "they, or the role"),
    ("that is not over", "active"),
    ("what is beyond", "a noun: the records, the rest of the list"),
];

/// The documents that people read, without the decisions, which stay as they were written.
fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["", "docs", "docs/guide"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "md") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn words_that_do_not_come_back() {
    let mut wrong = Vec::new();
    for (path, text) in all("src") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if let Some((_, instead)) = RIDDLES.iter().find(|(riddle, _)| *riddle == name) {
            wrong.push(format!("{}: name it after what is in it: {instead}", path.display()));
        }
        let declares = |line: &&str| {
            let starts = ["pub", "struct ", "enum ", "trait "];
            starts.iter().any(|start| line.trim_start().starts_with(start))
        };
        for name in text.lines().filter(declares).filter_map(declared_type) {
            if EMPTY_ENDS.iter().any(|end| name.ends_with(end)) {
                wrong.push(format!("{}: `{name}`: say what the type is", path.display()));
            }
        }
    }
    for (path, text) in documents() {
        let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let words = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let words = format!(" {} ", words.to_lowercase());
        for (phrase, instead) in PHRASES {
            if words.contains(&format!(" {phrase} ")) {
                wrong.push(format!("{}: \"{phrase}\": write {instead}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "words that do not come back:\n{}", wrong.join("\n"));
}

/// The first words of statements.
const VERBS: &str = "ALTER ANALYZE BEGIN COMMIT CREATE DELETE DROP INSERT PRAGMA RELEASE ROLLBACK SAVEPOINT SELECT SET UPDATE VACUUM WITH";
/// Statements of one word. `"DELETE"` and the like are words of history and HTTP, too.
const ALONE: [&str; 5] = ["ANALYZE", "BEGIN", "COMMIT", "ROLLBACK", "VACUUM"];

/// Whether a line of code has a literal, or continues one, that begins like a statement: `"SELECT name …"`,
/// `"BEGIN"`.
fn has_statement(line: &str) -> bool {
    let begins = |part: &str| {
        let part = part.trim_start();
        let follows =
            |verb: &str| part.strip_prefix(verb).is_some_and(|rest| rest.starts_with([' ', '\\']));
        ALONE.contains(&part) || VERBS.split(' ').any(follows)
    };
    !line.trim_start().starts_with("//") && line.split('"').any(begins)
}

/// Only `src/sql` spells what sea-query has no word for, and only there is SQL in literals. The benchmark's
/// yardstick is written by hand on purpose.
#[test]
fn raw_fragments_stand_in_one_room() {
    let raw = ["Func::cust", "Expr::cust", "BinOper::Custom"];
    let mut elsewhere = Vec::new();
    for (path, text) in all("src") {
        let test =
            path.ends_with("tests.rs") || path.components().any(|c| c.as_os_str() == "tests");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(&text);
        let by_hand = test || path.starts_with("src/bench/yardstick");
        let statement = !by_hand && code.lines().any(has_statement);
        if !path.starts_with("src/sql") && (statement || raw.iter().any(|raw| text.contains(raw))) {
            elsewhere.push(path.display().to_string());
        }
    }
    assert!(elsewhere.is_empty(), "SQL outside `src/sql`: {}", elsewhere.join(", "));
}

#[test]
fn statements_in_literals_are_found() {
    for found in [r#"define("SAVEPOINT step")"#, r#"harm("BEGIN")"#, "  SELECT id FROM customer"] {
        assert!(has_statement(found), "{found}");
    }
    for other in [r#"/// "SELECT 1""#, r#"Self::Create => "CREATE","#, r#""SELECTED x""#] {
        assert!(!has_statement(other), "{other}");
    }
}

/// Faults are made in the tables of their rooms. Elsewhere only a stored outcome is read back, and the command line of
/// `bench` speaks for itself.
#[test]
fn faults_stand_in_tables() {
    let calls = ["Error::new(", "Error::of("];
    // Not `ExprError::new(`, nor the engine's.
    let ours = |before: &str| {
        !before.ends_with(char::is_alphanumeric) && !before.ends_with("async_graphql::")
    };
    let makes = |code: &str, call: &str| {
        let parts: Vec<_> = code.split(call).collect();
        parts.split_last().is_some_and(|(_, before)| before.iter().any(|text| ours(text)))
    };
    let may = |path: &Path| {
        let tables = ["faults.rs", "messages.rs", "tests.rs", "records/idempotency.rs"];
        path.starts_with("src/base")
            || path.starts_with("src/bench")
            || tables.iter().any(|end| path.ends_with(end))
            || path.components().any(|part| part.as_os_str() == "tests")
    };
    let wrong = all("src").into_iter().filter(|(path, text)| {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
        !may(path) && calls.iter().any(|call| makes(code, call))
    });
    let wrong: Vec<_> = wrong.map(|(path, _)| path.display().to_string()).collect();
    assert!(wrong.is_empty(), "make faults outside of `faults.rs`: {wrong:?}");
}
