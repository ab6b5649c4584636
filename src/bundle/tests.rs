//! Bundles: files and back, three sides compared, signatures.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::*;

fn part(kind: PartKind, name: &str, text: &str) -> BundlePart {
    BundlePart::new(kind, name, text)
}

fn sample() -> Bundle {
    let mut parts = BundlePart::of_objects("type B { b: Int }\r\n\r\ntype A { a: Int }\n").unwrap();
    parts.push(part(PartKind::Menu, "SALES", "system = \"SALES\"\n"));
    parts.push(part(PartKind::Role, "小组/长 .x", "code = \"a\"\n"));
    parts.push(part(PartKind::Role, ".hidden", "code = \"b\""));
    parts.push(part(PartKind::Layout, "SalesOrder.DETAIL@sales#SHIPPED", "object = \"A\"\n"));
    Bundle::exported(parts)
}

#[test]
fn files_are_read_as_they_were_written() {
    let bundle = sample();
    let files = bundle.files();
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "bundle.toml",
            "objects/B.graphql",
            "objects/A.graphql",
            "roles/%2Ehidden.toml",
            "roles/小组%2F长%20.x.toml",
            "layouts/SalesOrder.DETAIL@sales#SHIPPED.toml",
            "menus/SALES.toml",
        ]
    );
    let mut turned = files.clone();
    turned.reverse();
    assert_eq!(Bundle::read(&turned).unwrap(), bundle);
    assert_eq!(Bundle::read(&turned).unwrap().files(), files);
    // A system whose lines end otherwise changes nothing.
    for file in &mut turned {
        file.text = file.text.replace('\n', "\r\n");
    }
    assert_eq!(Bundle::read(&turned).unwrap().files(), files);
    // Once applied, the manifest goes by what the folder has, but for what was not taken.
    let mut edited = files.clone();
    edited[3].text.push('#');
    edited[4].text.push('#');
    let manifest = applied_manifest(&edited, |path| path == edited[4].path).unwrap();
    edited[0] = manifest;
    let read = Bundle::read(&edited).unwrap();
    let same = |at: usize| read.base[&files[at].path] == bundle.base[&files[at].path];
    assert_eq!((same(2), same(3), same(4)), (true, false, true));
    let empty = Bundle::default().files();
    assert_eq!(Bundle::read(&empty).unwrap(), Bundle::default());
}

#[test]
fn wrong_files_are_told_with_their_paths() {
    let file = |path: &str, text: &str| BundleFile { path: path.to_owned(), text: text.to_owned() };
    let told = |files: &[BundleFile]| -> Vec<String> {
        let faults = Bundle::read(files).unwrap_err();
        faults
            .iter()
            .map(|fault| format!("{} {}", fault.code.name(), fault.path.join(".")))
            .collect()
    };
    assert_eq!(told(&[]), ["INPUT_VALUE bundle.toml"]);
    let manifest = || file("bundle.toml", "format = 1");
    for path in [
        "x",
        "/x",
        "../roles/x.toml",
        "roles/x.graphql",
        "roles/a/b.toml",
        "roles/.toml",
        "roles/.x.toml",
        "roles/%41.toml",
        "roles/%zz.toml",
        "roles/%2.toml",
        "objects/a.toml",
        "ruling/x.toml",
        "roles/a b.toml",
        "Roles/x.toml",
        "roles/%FF.toml",
    ] {
        assert_eq!(told(&[manifest(), file(path, "")]), [format!("INPUT_VALUE {path}")]);
    }
    let twice = [manifest(), file("roles/a.toml", ""), file("roles/a.toml", "")];
    assert_eq!(told(&twice), ["INPUT_VALUE roles/a.toml"]);
    let other = [manifest(), file("objects/A.graphql", "type A { a: Int } type B { b: Int }")];
    assert_eq!(told(&other), ["INPUT_VALUE objects/A.graphql"]);
    for text in [
        "format = 2",
        "format",
        "format = 1\nx = 1",
        "format = 1\nparts = [[\"ruling/a.toml\", \"\"]]",
    ] {
        assert_eq!(told(&[file("bundle.toml", text)]), ["INPUT_VALUE bundle.toml"], "{text}");
    }
}

/// The differences of a comparison: `CHANGED roles/a.toml`, with `!` for a conflict and `=` for what stays.
fn brief(told: &BundleComparison) -> Vec<String> {
    let sign = |one: &PartDifference| match (one.conflict, one.stays) {
        (true, _) => "!",
        (_, true) => "=",
        _ => "",
    };
    let each = told.differences.iter();
    each.map(|one| format!("{}{} {}", sign(one), one.how.as_ref(), one.path)).collect()
}

#[test]
fn it_is_known_which_side_has_changed() {
    let role = |text: &str| part(PartKind::Role, "a", text);
    let exported = |text: &str| Bundle::exported(vec![role(text)]);
    let none = Digests::new();
    let compared =
        |bundle: &Bundle, system: &[BundlePart], brought: &Digests, choice: Choice<'_>| {
            brief(&bundle.compared(system, brought, choice))
        };
    let free = Choice::default();
    // Where nothing is, all is added.
    assert_eq!(compared(&exported("1"), &[], &none, free), ["ADDED roles/a.toml"]);
    assert_eq!(compared(&exported("1"), &[role("1")], &none, free), [""; 0]);
    // Edited after it was exported, while the system stayed as it was.
    let edited = Bundle { parts: vec![role("2")], base: exported("1").base };
    assert_eq!(compared(&edited, &[role("1")], &none, free), ["CHANGED roles/a.toml"]);
    // The system has changed it, too.
    assert_eq!(compared(&edited, &[role("3")], &none, free), ["!CHANGED roles/a.toml"]);
    let all = ["*".to_owned()];
    let overwrite = Choice { overwrite: &all, keep: &[] };
    assert_eq!(compared(&edited, &[role("3")], &none, overwrite), ["CHANGED roles/a.toml"]);
    let path = ["roles/a.toml".to_owned()];
    let keep = Choice { overwrite: &all, keep: &path };
    assert_eq!(compared(&edited, &[role("3")], &none, keep), ["=CHANGED roles/a.toml"]);
    // What a bundle brought is no change of the system's.
    let brought = exported("1").compared(&[], &none, free).brought;
    assert_eq!(compared(&exported("2"), &[role("1")], &brought, free), ["CHANGED roles/a.toml"]);
    assert_eq!(compared(&exported("2"), &[role("x")], &brought, free), ["!CHANGED roles/a.toml"]);
    assert_eq!(compared(&exported("2"), &[], &brought, free), ["!ADDED roles/a.toml"]);
    // Two edit what they were both given: the second is told, though a bundle brought what is there.
    let first = Bundle { parts: vec![role("2")], base: exported("1").base };
    let brought_first = first.compared(&[role("1")], &none, free).brought;
    let second = Bundle { parts: vec![role("3")], base: exported("1").base };
    assert_eq!(compared(&second, &[role("2")], &brought_first, free), ["!CHANGED roles/a.toml"]);
    // Taken out of the bundle; what no bundle knew stays untold.
    let without = Bundle::exported(Vec::new());
    assert_eq!(compared(&without, &[role("1")], &brought, free), ["REMOVED roles/a.toml"]);
    assert_eq!(compared(&without, &[role("x")], &brought, free), ["!REMOVED roles/a.toml"]);
    assert_eq!(compared(&without, &[role("1")], &none, free), [""; 0]);
    let taken_out = Bundle { parts: Vec::new(), base: exported("1").base };
    assert_eq!(compared(&taken_out, &[role("1")], &none, free), ["REMOVED roles/a.toml"]);
}

#[test]
fn types_are_put_together_of_both_sides() {
    let objects = |text: &str| BundlePart::of_objects(text).unwrap();
    let system = objects("type Own { o: Int }\ntype B { b: Int }\ntype A { a: Int }\n");
    let bundle =
        Bundle::exported(objects("type A { a: Int x: Int }\ntype C { c: Int }\ntype B { b: Int }"));
    let told = bundle.compared(&system, &Digests::new(), Choice::default());
    assert_eq!(brief(&told), ["!CHANGED objects/A.graphql", "ADDED objects/C.graphql"]);
    let texts: Vec<_> = told.objects.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "type A { a: Int }\n",
            "type C { c: Int }\n",
            "type B { b: Int }\n",
            "type Own { o: Int }\n"
        ]
    );
    assert_eq!(told.brought.keys().collect::<Vec<_>>(), ["objects/B.graphql", "objects/C.graphql"]);
}

#[test]
fn a_signature_holds_for_these_files_alone() {
    let key = BundleKey::of(&[7; 32]);
    let again = BundleKey::from_pem(&key.to_pem().unwrap()).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(key.public().to_string().parse::<TrustedKey>().unwrap(), key.public());
    assert!(BundleKey::from_pem("-----BEGIN PRIVATE KEY-----").is_err());
    assert_eq!(format!("{key:?}"), "(hidden)");
    let files = sample().files();
    let signature = sign(&files, &key);
    assert_eq!(verify(&files, &signature).unwrap(), key.public());
    assert_eq!(key_of_signature(&signature), Some(key.public()));
    let mut turned = files.clone();
    turned.reverse();
    assert_eq!(verify(&turned, &signature).unwrap(), key.public());
    let altered = |change: fn(&mut Vec<BundleFile>)| {
        let mut files = files.clone();
        change(&mut files);
        verify(&files, &signature).unwrap_err().code.name()
    };
    for change in [
        (|files: &mut Vec<BundleFile>| files[1].text.push(' ')) as fn(&mut Vec<BundleFile>),
        |files| files[1].path.push('x'),
        |files| drop(files.pop()),
        |files| files.push(files[1].clone()),
    ] {
        assert_eq!(altered(change), "CATALOG_SIGNATURE");
    }
    // The signature of another key does not pass as that of this one.
    let other = sign(&files, &BundleKey::of(&[8; 32]));
    let forged =
        other.replace(&BundleKey::of(&[8; 32]).public().to_string(), &key.public().to_string());
    assert!(verify(&files, &forged).is_err());
    for text in [
        "",
        "x",
        "tradewind-bundle",
        signature.get(..40).unwrap(),
        &format!("{} x", signature.trim()),
    ] {
        assert!(verify(&files, text).is_err(), "{text}");
    }
    let weak = format!("ed25519:{}", STANDARD.encode([0; 32]));
    for text in ["", "ed25519:", "ed25519:AAAA", weak.as_str()] {
        assert!(text.parse::<TrustedKey>().is_err(), "{text}");
    }
}
