//! Definitions as a folder: the commands that write, compare and apply it.

use std::{fs, path::Path, process::Output};

use crate::{
    program::{folder, program, run},
    schema_drafts::VISITS,
    support::TestDatabase,
};

/// What a command says, and the code that it ends with.
fn ended(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program(folder, words).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(!text.contains("panicked"), "{words:?}: {text}");
    (status.code(), text)
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn folders_are_exported_compared_and_applied() {
    let database = TestDatabase::sqlite();
    let home = folder(&database);
    let tell = |words: &[&str], code: i32, expected: &str| {
        let (ended, text) = ended(home, words);
        assert_eq!(ended, Some(code), "{words:?}: {text}");
        assert!(text.contains(expected), "{words:?}: {text}");
    };
    tell(&["schema", "export", "own"], 0, "0 definitions written to own");
    tell(&["schema", "diff", "own"], 0, "nothing differs");
    // A file that somebody writes, beside a page that explains the folder.
    let own = home.join("own");
    fs::create_dir_all(own.join("objects")).unwrap();
    fs::write(own.join("README.md"), "Ours.").unwrap();
    let file = own.join("objects/Visit.graphql");
    fs::write(&file, VISITS).unwrap();
    tell(&["schema", "diff", "own"], 2, "+ objects/Visit.graphql");
    tell(&["schema", "apply", "own", "--dry-run"], 0, "dry run: it can be applied");
    tell(&["schema", "diff", "own"], 2, "ADD_OBJECT Visit");
    tell(&["schema", "apply", "own", "--note", "visits"], 0, "applied: version 2");
    tell(&["schema", "diff", "own"], 0, "nothing differs");
    tell(&["schema", "export", "own"], 0, "1 definitions written");
    assert_eq!(fs::read_to_string(&file).unwrap(), VISITS);
    assert!(own.join("README.md").exists());
    // A fault has its file and line.
    edit(&file, "minutes: Int", "minutes: Nothing");
    tell(&["schema", "apply", "own"], 1, "objects/Visit.graphql:7:");
    edit(&file, "  minutes: Nothing @field(label: \"分钟\")\n", "");
    tell(&["schema", "diff", "own"], 2, "RETIRE_FIELD Visit.minutes");
    tell(&["schema", "apply", "own"], 1, "this would retire `Visit.minutes`");
    tell(&["schema", "apply", "own", "--allow-retire", "Visit.minutes"], 0, "applied: version 3");
    tell(&["schema", "rollback", "2", "--dry-run"], 0, "RESTORE_FIELD Visit.minutes");
    tell(&["schema", "rollback", "2"], 0, "version 4");
    // The database has changed since: nobody but the one who applies knows which side is meant.
    tell(&["schema", "diff", "own"], 2, "~ objects/Visit.graphql (conflict)");
    tell(&["schema", "apply", "own"], 1, "CATALOG_CONFLICT");
    tell(&["schema", "apply", "own", "--keep", "*"], 0, "nothing differs");
    tell(&["schema", "rollback", "9"], 1, "version 9 is no earlier version");
    tell(&["schema", "diff", "none"], 1, "cannot read none/bundle.toml");
    // A folder of something else is not touched, and what was exported before and is no more goes away.
    fs::create_dir_all(home.join("other/roles")).unwrap();
    tell(&["schema", "export", "other"], 1, "no `bundle.toml`");
    fs::write(own.join("objects/Gone.graphql"), "type Gone { a: Int }").unwrap();
    tell(&["schema", "export", "own/"], 0, "1 definitions written");
    assert!(!own.join("objects/Gone.graphql").exists());
}

#[test]
fn an_altered_signed_folder_is_refused() {
    let database = TestDatabase::sqlite();
    let home = folder(&database);
    let tell = |words: &[&str], code: i32, expected: &str| {
        let (ended, text) = ended(home, words);
        assert_eq!(ended, Some(code), "{words:?}: {text}");
        assert!(text.contains(expected), "{words:?}: {text}");
    };
    let (made, text) = run(home, &["schema", "keygen", "key.pem"]);
    assert!(made && text.contains("trusted_keys = [\"ed25519:"), "{text}");
    tell(&["schema", "keygen", "key.pem"], 1, "cannot write key.pem");
    let trusting = home.join("tradewind.toml");
    fs::write(home.join("wrong.pem"), "no key").unwrap();
    tell(&["schema", "export", "own", "--sign", "wrong.pem"], 1, "CATALOG_SIGNATURE");
    tell(&["schema", "export", "own", "--sign", "key.pem"], 0, "written");
    assert!(home.join("own.sig").exists());
    tell(&["schema", "diff", "own"], 0, "note: signed by ed25519:");
    fs::write(&trusting, text).unwrap();
    let (_, told) = ended(home, &["schema", "diff", "own/"]);
    assert!(!told.contains("note:"), "{told}");
    fs::create_dir_all(home.join("own/objects")).unwrap();
    fs::write(home.join("own/objects/Visit.graphql"), VISITS).unwrap();
    for command in ["diff", "apply"] {
        tell(&["schema", command, "own"], 1, "CATALOG_SIGNATURE");
    }
    fs::write(&trusting, "[schema]\ntrusted_keys = [\"ed25519:short\"]").unwrap();
    tell(&["schema", "diff", "own"], 1, "schema.trusted_keys");
    fs::remove_file(&trusting).unwrap();
    // Without its signature it is a folder as any other.
    fs::remove_file(home.join("own.sig")).unwrap();
    tell(&["schema", "apply", "own"], 0, "applied: version 2");
    tell(&["schema", "export", "own", "--sign", "key.pem"], 0, "written");
    tell(&["schema", "export", "own"], 0, "written");
    assert!(!home.join("own.sig").exists());
}
