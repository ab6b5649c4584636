//! Stories about guessing, changing passwords, and API keys.

use sea_orm::{ConnectionTrait, sea_query::Query};

use super::{office::Office, *};
use crate::identity::{NewKey, failures::ADDRESSES};

/// Returns the trail, oldest first: kind, operator, account, detail.
async fn trail(
    office: &Office,
) -> Vec<(String, Option<String>, Option<String>, serde_json::Value)> {
    office.identity.settle().await.unwrap();
    let select = Query::select()
        .columns(["kind", "operator_id", "account", "detail"])
        .from("tw_audit")
        .order_by("id", sea_orm::sea_query::Order::Asc)
        .to_owned();
    let rows = office.db.query_all(&select).await.unwrap();
    rows.iter()
        .map(|row| {
            let text = |at: usize| row.try_get_by_index::<Option<String>>(at).unwrap();
            let detail = serde_json::from_str(&text(3).unwrap()).unwrap();
            (text(0).unwrap(), text(1), text(2), detail)
        })
        .collect()
}

fn from(address: &str) -> SignInOrigin {
    SignInOrigin { user_agent: None, address: Some(address.to_owned()) }
}

/// Guesses do not fill the table. Only the trail shows whether an account exists.
pub(super) async fn counts_guesses_into_few_rows(office: Office) {
    for n in 0..200 {
        let account = if n % 2 == 0 { "zhang".to_owned() } else { format!("made-up-{n}") };
        office.identity.login(&account, "guess", from("192.0.2.1")).await.unwrap_err();
    }
    for n in 0..ADDRESSES + 50 {
        let address = format!("198.51.{}.{}", n / 250, n % 250);
        office.identity.login(&format!("nobody{n}"), "guess", from(&address)).await.unwrap_err();
    }
    let told = trail(&office).await;
    let of = |kind: &str| told.iter().filter(|entry| entry.0 == kind).collect::<Vec<_>>();
    let (failed, locked) = (of("SIGN_IN_FAILED"), of("SIGN_IN_LOCKED"));
    // One row for `zhang`, one per address, one for the rest. `zhang` must wait; others at that address are
    // checked.
    assert_eq!(failed.len(), 1 + ADDRESSES + 1);
    assert_eq!(locked.len(), 1);
    let all = |entries: &[&(String, _, Option<String>, serde_json::Value)]| -> u64 {
        entries.iter().map(|entry| entry.3["count"].as_u64().unwrap()).sum()
    };
    assert_eq!(all(&failed) + all(&locked), 200 + u64::try_from(ADDRESSES).unwrap() + 50);
    let zhang = failed.iter().find(|entry| entry.2.as_deref() == Some("zhang")).unwrap();
    assert_eq!((zhang.1.clone(), &zhang.3["count"]), (None, &json!(5)));
    assert_eq!(zhang.3["addresses"], json!(["192.0.2.1"]));
    // The names of tried accounts are stored nowhere.
    assert!(!format!("{told:?}").contains("made-up"));
    // Without new failures nothing is written. Failures in the same window go into the same rows.
    let before = told.len();
    office.seconds(120);
    office.identity.login("zhang", "guess", from("192.0.2.9")).await.unwrap_err();
    let told = trail(&office).await;
    assert_eq!(told.len(), before);
    office.seconds(900);
    office.identity.login("zhang", "guess", from("192.0.2.9")).await.unwrap_err();
    assert_eq!(trail(&office).await.len(), before + 1);
}

/// A sign-in costs the same statements and the same hash whether the account exists or not.
pub(super) async fn writes_nothing_while_someone_guesses(office: Office) {
    let count = async || {
        let select = Query::select().column("id").from("tw_audit").to_owned();
        office.db.query_all(&select).await.unwrap().len()
    };
    let before = count().await;
    office.refused("zhang", "guess").await;
    office.refused("nobody", "guess").await;
    assert_eq!(count().await, before);
    office.identity.settle().await.unwrap();
    assert_eq!(count().await, before + 2);
}

pub(super) async fn changes_a_password(office: Office) {
    let here = office.login().await;
    let there = office.login().await;
    let caller = office.identity.authenticate(&here.access_token).await.unwrap();
    let change = async |current: &str, new: &str| {
        let changed = office.identity.change_password(&caller, current, new).await;
        changed.err().map(|error| (error.code, error.path))
    };
    let at = |code, path: &str| Some((code, vec![path.to_owned()]));
    let good = "a heron over the harbour";
    assert_eq!(change("guess", good).await, at(Code::AuthBadCredentials, "current"));
    assert_eq!(change(PASSWORD, PASSWORD).await, at(Code::InputValue, "new"));
    assert_eq!(change(PASSWORD, "zhangwei12").await, at(Code::AuthPasswordWeak, "new"));
    assert_eq!(change(PASSWORD, "short").await, at(Code::InputValue, "new"));
    assert_eq!(office.code(&there.access_token).await, None);
    assert_eq!(change(PASSWORD, good).await, None);
    assert_eq!(office.code(&here.access_token).await, None);
    office.identity.refresh(&here.refresh_token).await.unwrap();
    assert_eq!(office.code(&there.access_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&there.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refused("zhang", PASSWORD).await.code, Code::AuthBadCredentials);
    office.identity.login("zhang", good, SignInOrigin::default()).await.unwrap();
    // Guessing within an open session is throttled like guessing outside.
    for _ in 0..5 {
        change("guess", PASSWORD).await;
    }
    assert_eq!(change(good, PASSWORD).await.unwrap().0, Code::AuthThrottled);
    let told = trail(&office).await;
    let changed: Vec<_> = told.iter().filter(|entry| entry.0 == "PASSWORD_CHANGED").collect();
    // First by an unknown actor, then by `zhang`.
    assert_eq!(changed.len(), 2);
    assert_eq!((&changed[0].1, &changed[1].1), (&None, &Some(office.zhang.to_string())));
}

/// Of two concurrent changes one succeeds. It ends the other's session.
pub(super) async fn lets_one_of_two_password_changes_win(office: Office) {
    let mut callers = Vec::new();
    for _ in 0..4 {
        let tokens = office.login().await;
        callers.push(office.identity.authenticate(&tokens.access_token).await.unwrap());
    }
    let change = |(n, caller): (usize, Principal)| {
        let identity = office.identity.clone();
        tokio::spawn(async move {
            let new = format!("a heron over harbour {n}");
            identity.change_password(&caller, PASSWORD, &new).await
        })
    };
    let tasks: Vec<_> = callers.into_iter().enumerate().map(change).collect();
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => won += 1,
            Err(error) => assert!(
                matches!(error.code, Code::AuthTokenInvalid | Code::AuthBadCredentials),
                "{error}"
            ),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(office.identity.sessions_of(office.zhang).await.unwrap().len(), 1);
}

pub(super) async fn lists_and_ends_sessions(office: Office) {
    let first = office.login().await;
    office.seconds(60);
    let second = office.identity.login("zhang", PASSWORD, from("192.0.2.7")).await.unwrap();
    let caller = office.identity.authenticate(&second.access_token).await.unwrap();
    let listed = office.identity.sessions_of(office.zhang).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((listed[0].id, listed[0].address.as_deref()), (caller.proof(), Some("192.0.2.7")));
    assert_eq!(listed[0].created_at - listed[1].created_at, 60 * MICROS);
    office.identity.revoke_session(&caller, listed[1].id).await.unwrap();
    assert_eq!(office.code(&first.access_token).await, Some(Code::AuthTokenInvalid));
    for gone in [listed[1].id, Uuid::from_u128(0x99)] {
        let refused = office.identity.revoke_session(&caller, gone).await.unwrap_err();
        assert_eq!(refused.code, Code::RecordNotFound);
    }
    // Nobody can end another operator's session by its id.
    let stranger = Principal { operator: Uuid::from_u128(0x13), ..caller.clone() };
    let refused = office.identity.revoke_session(&stranger, caller.proof()).await.unwrap_err();
    assert_eq!(refused.code, Code::RecordNotFound);
    office.identity.refresh(&first.refresh_token).await.unwrap_err();
    office.identity.logout(&caller).await.unwrap();
    let kinds: Vec<_> = trail(&office).await.into_iter().map(|entry| entry.0).collect();
    assert_eq!(kinds, ["PASSWORD_CHANGED", "SIGN_IN", "SIGN_IN", "SESSION_REVOKED", "SIGN_OUT"]);
}

pub(super) async fn tells_of_a_refresh_token_that_comes_twice(office: Office) {
    let first = office.login().await;
    office.identity.refresh(&first.refresh_token).await.unwrap();
    office.seconds(30);
    for _ in 0..10 {
        office.identity.refresh(&first.refresh_token).await.unwrap_err();
    }
    let told = trail(&office).await;
    let reused: Vec<_> = told.iter().filter(|entry| entry.0 == "REFRESH_REUSED").collect();
    assert_eq!(reused.len(), 1);
    assert_eq!((reused[0].1.as_deref(), reused[0].2.as_deref()), (None, Some("zhang")));
}

pub(super) async fn gives_keys_out_once_and_takes_them_back(office: Office) {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    office.identity.set_roles(office.zhang, &words("merchandiser salesperson")).await.unwrap();
    let tokens = office.login().await;
    let caller = office.identity.authenticate(&tokens.access_token).await.unwrap();
    let now = office.identity.now();
    let new = |roles: &str, expires_at: i64| NewKey {
        operator: office.zhang,
        account: "zhang".to_owned(),
        name: " 报表 ".to_owned(),
        roles: words(roles),
        expires_at,
    };
    let hour = now + 3600 * MICROS;
    let bad = [
        (new("", hour), "roles"),
        (new("salesperson director", hour), "roles.1"),
        (new("administrator", hour), "roles.0"),
        (new("salesperson", now), "expiresAt"),
        (new("salesperson", now + 400 * 24 * 3600 * MICROS), "expiresAt"),
        (NewKey { name: " ".to_owned(), ..new("salesperson", hour) }, "name"),
        (NewKey { name: "x".repeat(101), ..new("salesperson", hour) }, "name"),
    ];
    for (new, path) in bad {
        let refused = office.identity.create_key(&caller, new).await.unwrap_err();
        assert_eq!((refused.code, refused.path.join(".").as_str()), (Code::InputValue, path));
    }
    let made = office.identity.create_key(&caller, new("salesperson salesperson", hour)).await;
    let (key, text) = made.unwrap();
    assert_eq!((key.name.as_str(), &key.roles), ("报表", &words("salesperson")));
    assert!(text.starts_with(&format!("{}_", key.prefix())), "{text}");
    let row = key_rows::key(&office.db, &key.id.to_string()).await.unwrap().unwrap();
    assert!(!text.contains(&row.secret_hash) && !row.secret_hash.contains(&text));

    let acting = office.identity.authenticate(&text).await.unwrap();
    assert_eq!((acting.operator, acting.key()), (office.zhang, Some(key.id)));
    assert_eq!(
        (acting.roles.clone(), acting.withheld()),
        (words("salesperson"), &*words("merchandiser"))
    );
    // A session of the same operator keeps its own roles.
    let both = office.identity.authenticate(&tokens.access_token).await.unwrap().roles;
    assert_eq!(both, words("merchandiser salesperson"));
    // Neither a part of the key nor a key with another secret works, even while the key is cached.
    let other = format!("{}_{}", key.prefix(), "A".repeat(43));
    let upper =
        text.replacen(&key.prefix(), &key.prefix().to_uppercase().replacen("TW", "tw", 1), 1);
    for bad in [other.as_str(), &upper, &format!("{text}x"), &key.prefix(), "tw_", "tw_1_2"] {
        if *bad != text {
            assert_eq!(office.code(bad).await, Some(Code::AuthTokenInvalid), "{bad}");
        }
    }
    // Uses are recorded to the minute, the first one in the trail.
    let used = async || office.identity.key(key.id).await.unwrap().unwrap().last_used_at;
    assert_eq!(used().await, Some(now));
    office.seconds(30);
    office.identity.authenticate(&text).await.unwrap();
    assert_eq!(used().await, Some(now));
    office.seconds(30);
    office.identity.authenticate(&text).await.unwrap();
    assert_eq!(used().await, Some(now + 60 * MICROS));

    // A role that the account loses is lost to the key, too.
    office.identity.set_roles(office.zhang, &words("director")).await.unwrap();
    assert_eq!(office.identity.authenticate(&text).await.unwrap().roles, words(""));
    office.identity.set_roles(office.zhang, &words("salesperson")).await.unwrap();
    office.stands(Some(OperatorStatus::Disabled));
    assert_eq!(office.code(&text).await, Some(Code::AuthTokenInvalid));
    office.stands(Some(OperatorStatus::Active));

    let session = Some(Code::AuthSessionRequired);
    let by_key = office.identity.authenticate(&text).await.unwrap();
    let made = office.identity.create_key(&by_key, new("salesperson", hour)).await;
    assert_eq!(made.err().map(|error| error.code), session);
    let refused = [
        office.identity.change_password(&by_key, PASSWORD, "a heron over the harbour").await,
        office.identity.revoke_session(&by_key, caller.proof()).await,
        office.identity.revoke_sessions(&by_key, office.zhang, "zhang").await,
        office.identity.unlock(&by_key, "zhang").await,
        office.identity.revoke_key(&by_key, &key).await,
        office.identity.logout(&by_key).await,
    ];
    for refused in refused {
        assert_eq!(refused.err().map(|error| error.code), session);
    }

    let tokens = office.login().await;
    let caller = office.identity.authenticate(&tokens.access_token).await.unwrap();
    let made = office.identity.create_key(&caller, new("salesperson", hour)).await.unwrap();
    office.identity.authenticate(&made.1).await.unwrap();
    office.identity.revoke_key(&caller, &key).await.unwrap();
    assert_eq!(office.code(&text).await, Some(Code::AuthTokenInvalid));
    // It expires to the microsecond, even while it is cached.
    office.world.advance(Duration::from_secs(59 * 60 - 2) - Duration::from_micros(1));
    assert_eq!(office.code(&made.1).await, None);
    office.world.advance(Duration::from_micros(1));
    assert_eq!(office.code(&made.1).await, Some(Code::AuthKeyExpired));
    let told = trail(&office).await;
    let of = |kind: &str| told.iter().filter(|entry| entry.0 == kind).count();
    assert_eq!((of("KEY_MADE"), of("KEY_FIRST_USED"), of("KEY_REVOKED")), (2, 2, 1));
    assert!(!format!("{told:?}").contains(&text));
}

/// Failures of strangers at one address (a proxy or an office) do not delay anyone who has not failed.
pub(super) async fn strangers_keep_nobody_waiting(office: Office) {
    for n in 0..40 {
        office.identity.login(&format!("stranger{n}"), "x", from("192.0.2.1")).await.unwrap_err();
    }
    let login = async |account: &str, password: &str| {
        let tried = office.identity.login(account, password, from("192.0.2.1")).await;
        tried.err().map(|error| error.code)
    };
    for _ in 0..3 {
        assert_eq!(login("zhang", PASSWORD).await, None);
        // A wrong password must wait, whether the account exists or not.
        assert_eq!(login("nobody", "x").await, Some(Code::AuthThrottled));
    }
    assert_eq!(login("zhang", "x").await, Some(Code::AuthThrottled));
    // Now `zhang` has failed, too, and is not checked until the failure is forgotten.
    assert_eq!(login("zhang", PASSWORD).await, Some(Code::AuthThrottled));
    office.seconds(61);
    assert_eq!(login("nobody2", "x").await, Some(Code::AuthThrottled));
    assert_eq!(login("zhang", PASSWORD).await, None);
}

/// An operator who may no longer sign in, and then may again.
pub(super) async fn tells_once_who_may_sign_in_no_more(office: Office) {
    office.login().await;
    let tokens = office.login().await;
    office.stands(Some(OperatorStatus::Left));
    for _ in 0..3 {
        assert_eq!(office.code(&tokens.access_token).await, Some(Code::AuthTokenInvalid));
        assert_eq!(office.refused("zhang", PASSWORD).await.code, Code::AuthBadCredentials);
    }
    assert!(office.identity.sessions_of(office.zhang).await.unwrap().is_empty());
    office.stands(Some(OperatorStatus::Active));
    office.login().await;
    let told: Vec<_> = trail(&office)
        .await
        .into_iter()
        .filter(|entry| entry.0.starts_with("ACCOUNT_"))
        .map(|(kind, _, _, detail)| (kind, detail))
        .collect();
    assert_eq!(
        told,
        [
            ("ACCOUNT_CLOSED".to_owned(), json!({ "of": "zhang", "why": "LEFT" })),
            ("ACCOUNT_OPENED".to_owned(), json!({ "of": "zhang" })),
        ]
    );
}

pub(super) async fn unlocks_an_account(office: Office) {
    let tokens = office.login().await;
    let caller = office.identity.authenticate(&tokens.access_token).await.unwrap();
    for _ in 0..5 {
        office.refused("zhang", "guess").await;
    }
    assert_eq!(office.refused("zhang", PASSWORD).await.code, Code::AuthThrottled);
    office.identity.unlock(&caller, "zhang").await.unwrap();
    office.login().await;
}

pub(super) async fn wants_passwords_hard_to_guess(office: Office) {
    let renew = async |password: &str| {
        let renewed = office.identity.renew_password(office.zhang, "zhang", password).await;
        renewed.err().map(|error| (error.code, error.path))
    };
    let weak = Some((Code::AuthPasswordWeak, vec!["password".to_owned()]));
    for password in ["password123", "zhang wei zhang", "Zhang.Wei1"] {
        assert_eq!(renew(password).await, weak, "{password}");
    }
    assert_eq!(renew("a heron over the harbour").await, None);
    // A password set without the strength check, such as the demo's, works.
    office.identity.set_password(office.zhang, "zhang", "tradewind-demo").await.unwrap();
    office.identity.login("zhang", "tradewind-demo", SignInOrigin::default()).await.unwrap();
}
