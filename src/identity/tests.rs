//! Stories of sign-in as clients see it, on SQLite and, if a server is available, on PostgreSQL.
//!
//! Each story has its own database. Knows no HTTP.

mod hardening;
mod office;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono_tz::Asia::Shanghai;
use serde_json::json;

use self::hardening::{
    changes_a_password, counts_guesses_into_few_rows, gives_keys_out_once_and_takes_them_back,
    lets_one_of_two_password_changes_win, lists_and_ends_sessions, strangers_keep_nobody_waiting,
    tells_of_a_refresh_token_that_comes_twice, tells_once_who_may_sign_in_no_more,
    unlocks_an_account, wants_passwords_hard_to_guess, writes_nothing_while_someone_guesses,
};
use self::office::{Home, Office, PASSWORD, identity};
use super::*;
use crate::base::{Code, FixedWorld};

/// Runs each story on every available database.
macro_rules! stories {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let home = super::Home::sqlite().await;
                home.tell(super::$name).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(home) = super::Home::postgres().await {
                    home.tell(super::$name).await;
                }
            })*
        }
    };
}

stories! {
    signs_in
    refuses_all_alike
    knows_an_account_in_any_writing
    rotates_refresh_tokens
    gives_the_same_token_again_for_a_moment
    bears_clocks_that_differ
    ends_a_session_when_a_refresh_token_comes_twice
    ends_a_session_when_an_old_refresh_token_comes_late
    lets_one_of_two_refreshes_win
    logs_out_at_once
    ends_tokens_to_the_second
    refuses_tokens_not_its_own
    ends_sessions_with_the_password
    ends_sessions_with_the_operator
    gives_and_takes_roles
    throttles_failures
    many_right_sign_ins_at_once_are_not_guessing
    shares_one_secret
    minds_the_form_of_accounts_and_passwords
    counts_guesses_into_few_rows
    writes_nothing_while_someone_guesses
    strangers_keep_nobody_waiting
    tells_once_who_may_sign_in_no_more
    changes_a_password
    lets_one_of_two_password_changes_win
    lists_and_ends_sessions
    tells_of_a_refresh_token_that_comes_twice
    gives_keys_out_once_and_takes_them_back
    unlocks_an_account
    wants_passwords_hard_to_guess
}

async fn signs_in(office: Office) {
    let from =
        SignInOrigin { user_agent: Some("x".repeat(2000)), address: Some("192.0.2.1".to_owned()) };
    let tokens = office.identity.login("zhang", PASSWORD, from).await.unwrap();
    assert_eq!(tokens.expires_in, 900);
    let json = serde_json::to_value(&tokens).unwrap();
    assert_eq!(json["accessToken"], tokens.access_token);
    assert_eq!(json["refreshToken"], tokens.refresh_token);
    assert_eq!(json["expiresIn"], 900);
    assert!(!format!("{tokens:?}").contains(&tokens.refresh_token));
    let principal = office.identity.authenticate(&tokens.access_token).await.unwrap();
    assert_eq!(principal.operator, office.zhang);
    assert_eq!(principal.account, "zhang");
    assert_eq!(principal.name, "Zhang Wei");
    assert_eq!(principal.employee, Some(office.zhang));
    assert_eq!(principal.roles, Vec::<String>::new());
    let row = rows::session(&office.db, &principal.proof().to_string()).await.unwrap().unwrap();
    assert!(!row.refresh_hash.contains(&tokens.refresh_token));
    assert_eq!(row.user_agent.unwrap().len(), 512);
    assert_eq!(office.identity.accounts().await.unwrap(), [(office.zhang, "zhang".to_owned())]);
}

async fn refuses_all_alike(office: Office) {
    let wrong = office.refused("zhang", "correct horse").await;
    assert_eq!(wrong.code, Code::AuthBadCredentials);
    assert_eq!(wrong, office.refused("nobody", PASSWORD).await);
    assert_eq!(wrong, office.refused("", PASSWORD).await);
    assert_eq!(wrong, office.refused("zhang", &"x".repeat(5000)).await);
    office.stands(Some(OperatorStatus::Disabled));
    assert_eq!(wrong, office.refused("zhang", PASSWORD).await);
    office.stands(Some(OperatorStatus::Active));
    office.stands(None);
    assert_eq!(wrong, office.refused("zhang", PASSWORD).await);
}

async fn knows_an_account_in_any_writing(office: Office) {
    for account in ["ZHANG", "  zhang ", "Zhang\n", "\u{3000}zHaNg"] {
        office.identity.login(account, PASSWORD, SignInOrigin::default()).await.unwrap();
    }
    assert_eq!(office.refused("z hang", PASSWORD).await.code, Code::AuthBadCredentials);
    let other = Uuid::from_u128(0x12);
    let taken = office.identity.set_password(other, "ZHANG ", PASSWORD).await.unwrap_err();
    assert_eq!((taken.code, taken.path), (Code::RecordTaken, vec!["account".to_owned()]));
    office.login().await;
}

async fn rotates_refresh_tokens(office: Office) {
    let first = office.login().await;
    office.seconds(29 * 24 * 3600);
    assert_eq!(office.code(&first.access_token).await, Some(Code::AuthTokenExpired));
    let second = office.identity.refresh(&first.refresh_token).await.unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_eq!(office.code(&second.access_token).await, None);
    // Each refresh extends the session by its full lifetime, plus the clock leeway.
    office.world.advance(Duration::from_hours(30 * 24) + Duration::from_micros(59_999_999));
    let third = office.identity.refresh(&second.refresh_token).await.unwrap();
    office.seconds(30 * 24 * 3600 + 60);
    assert_eq!(office.refresh_code(&third.refresh_token).await, Some(Code::AuthTokenInvalid));
}

async fn ends_a_session_when_a_refresh_token_comes_twice(office: Office) {
    let other = office.login().await;
    let first = office.login().await;
    let second = office.identity.refresh(&first.refresh_token).await.unwrap();
    assert_eq!(office.code(&second.access_token).await, None);
    office.seconds(30);
    assert_eq!(office.refresh_code(&first.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.code(&second.access_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&second.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.code(&other.access_token).await, None);
}

async fn ends_a_session_when_an_old_refresh_token_comes_late(office: Office) {
    let first = office.login().await;
    let second = office.identity.refresh(&first.refresh_token).await.unwrap();
    let third = office.identity.refresh(&second.refresh_token).await.unwrap();
    // A forged token with the right session id changes nothing.
    let mut made_up = URL_SAFE_NO_PAD.decode(&third.refresh_token).unwrap();
    made_up[20] ^= 1;
    let made_up = URL_SAFE_NO_PAD.encode(made_up);
    for token in [made_up.as_str(), "", "a", &"A".repeat(107), &"A".repeat(100_000), "é"] {
        assert_eq!(office.refresh_code(token).await, Some(Code::AuthTokenInvalid));
    }
    assert_eq!(office.code(&third.access_token).await, None);
    office.seconds(31);
    assert_eq!(office.refresh_code(&first.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&third.refresh_token).await, Some(Code::AuthTokenInvalid));
}

/// After a lost response, in a second window or in another process: for half a minute the same token returns.
async fn gives_the_same_token_again_for_a_moment(office: Office) {
    let first = office.login().await;
    let beside = identity(&office.db, &office.world, &office.others).await;
    let second = office.identity.refresh(&first.refresh_token).await.unwrap();
    for seconds in [0, 3, 26] {
        office.seconds(seconds);
        let again = office.identity.refresh(&first.refresh_token).await.unwrap();
        assert_eq!(again.refresh_token, second.refresh_token);
        assert_eq!(office.code(&again.access_token).await, None);
        let there = beside.refresh(&first.refresh_token).await.unwrap();
        assert_eq!(there.refresh_token, second.refresh_token);
    }
    // The database stores no token in a form that signs anyone in.
    let id = office.identity.authenticate(&second.access_token).await.unwrap().proof().to_string();
    let row = rows::session(&office.db, &id).await.unwrap().unwrap();
    for token in [&first.refresh_token, &second.refresh_token] {
        assert!(!format!("{row:?}").contains(token.as_str()));
    }
    // A client that is two tokens behind gets the current one while both are young enough.
    let third = office.identity.refresh(&second.refresh_token).await.unwrap();
    let late = beside.refresh(&first.refresh_token).await.unwrap();
    assert_eq!(late.refresh_token, third.refresh_token);
    office.seconds(1);
    assert_eq!(
        office.identity.refresh(&second.refresh_token).await.unwrap().refresh_token,
        third.refresh_token
    );
    assert_eq!(office.refresh_code(&first.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.code(&third.access_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&third.refresh_token).await, Some(Code::AuthTokenInvalid));
}

/// Covers tokens of a process whose clock is ahead, and of this one after its clock was set back.
async fn bears_clocks_that_differ(office: Office) {
    let ahead = FixedWorld::new(office.world.env(Shanghai).clock.now() + Duration::from_secs(59));
    let there = identity(&office.db, &ahead, &office.others).await;
    let tokens = there.login("zhang", PASSWORD, SignInOrigin::default()).await.unwrap();
    assert_eq!(office.code(&tokens.access_token).await, None);
    // That process is a minute ahead: too late for the same token, too early to be sure of theft.
    let here = office.identity.refresh(&tokens.refresh_token).await.unwrap();
    there.refresh(&tokens.refresh_token).await.unwrap_err();
    assert_eq!(office.code(&here.access_token).await, None);
    // In the other direction the token was used in the future.
    let again = there.refresh(&here.refresh_token).await.unwrap();
    let same = office.identity.refresh(&here.refresh_token).await.unwrap();
    assert_eq!(same.refresh_token, again.refresh_token);
    ahead.advance(Duration::from_secs(2));
    let later = there.login("zhang", PASSWORD, SignInOrigin::default()).await.unwrap();
    assert_eq!(office.code(&later.access_token).await, Some(Code::AuthTokenInvalid));
    office.seconds(1);
    assert_eq!(office.code(&later.access_token).await, None);
}

async fn lets_one_of_two_refreshes_win(office: Office) {
    let first = office.login().await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (identity, token) = (office.identity.clone(), first.refresh_token.clone());
            tokio::spawn(async move { identity.refresh(&token).await })
        })
        .collect();
    let mut given = Vec::new();
    for task in tasks {
        given.push(task.await.unwrap().unwrap().refresh_token);
    }
    given.dedup();
    assert_eq!(given.len(), 1);
    assert_ne!(given[0], first.refresh_token);

    // The exchange itself, without the check before it.
    let second = office.login().await;
    let id = office.identity.authenticate(&second.access_token).await.unwrap().proof().to_string();
    let old = rows::session(&office.db, &id).await.unwrap().unwrap().refresh_hash;
    let swap = |new: &'static str| {
        let (db, id, old) = (office.db.clone(), id.clone(), old.clone());
        async move {
            let (id, old) = (id.as_str(), old.as_str());
            let change = rows::Rotation { id, old, new, used: old, now: 1, expires_at: 2 };
            rows::rotate(&db, &change).await.unwrap()
        }
    };
    let (a, b) = tokio::join!(tokio::spawn(swap("a")), tokio::spawn(swap("b")));
    assert!(a.unwrap() ^ b.unwrap());
}

async fn logs_out_at_once(office: Office) {
    let here = office.login().await;
    let there = office.login().await;
    let caller = office.identity.authenticate(&here.access_token).await.unwrap();
    let beside = identity(&office.db, &office.world, &office.others).await;
    beside.authenticate(&here.access_token).await.unwrap();
    office.identity.logout(&caller).await.unwrap();
    assert_eq!(office.code(&here.access_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&here.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.code(&there.access_token).await, None);
    // Another process notices within the cache's lifetime.
    beside.authenticate(&here.access_token).await.unwrap();
    office.seconds(1);
    beside.authenticate(&here.access_token).await.unwrap_err();
}

async fn ends_tokens_to_the_second(office: Office) {
    let tokens = office.login().await;
    office.seconds(899);
    assert_eq!(office.code(&tokens.access_token).await, None);
    office.seconds(1);
    assert_eq!(office.code(&tokens.access_token).await, Some(Code::AuthTokenExpired));
    office.seconds(1);
    assert_eq!(office.code(&tokens.access_token).await, Some(Code::AuthTokenExpired));
}

async fn refuses_tokens_not_its_own(office: Office) {
    let tokens = office.login().await;
    let principal = office.identity.authenticate(&tokens.access_token).await.unwrap();
    let now = office.identity.now().div_euclid(MICROS);
    let good = Claims::new(office.zhang, principal.proof(), now, 900);
    let signer = &office.identity.inner.signer;
    assert_eq!(office.code(&signer.sign(&good).unwrap()).await, None);

    let stranger = Signer::new(&Signer::secret().unwrap()).unwrap();
    let mut bad = vec![stranger.sign(&good).unwrap(), String::new(), "a.b.c".to_owned()];
    let claims = [
        Claims { nbf: now + 300, ..good.clone() },
        Claims { aud: "elsewhere".to_owned(), ..good.clone() },
        Claims { iss: "someone".to_owned(), ..good.clone() },
        Claims { sub: Uuid::from_u128(0x99), ..good.clone() },
        Claims { sid: Uuid::from_u128(0x99), ..good.clone() },
    ];
    bad.extend(claims.iter().map(|claims| signer.sign(claims).unwrap()));
    // The same claims with another algorithm, or none.
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let body = part(&serde_json::to_value(&good).unwrap());
    let signature = tokens.access_token.rsplit('.').next().unwrap();
    for algorithm in ["none", "None", "NONE", "HS384", "HS512", "RS256", "EdDSA"] {
        let header = part(&json!({ "alg": algorithm, "typ": "JWT" }));
        bad.push(format!("{header}.{body}."));
        bad.push(format!("{header}.{body}.{signature}"));
    }
    bad.push(format!("{}.{body}.", part(&json!({ "alg": "HS256", "typ": "JWT" }))));
    for token in bad {
        assert_eq!(office.code(&token).await, Some(Code::AuthTokenInvalid), "{token}");
    }
    // A refresh token is not accepted as an access token, nor the reverse.
    assert_eq!(office.code(&tokens.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&tokens.access_token).await, Some(Code::AuthTokenInvalid));
}

async fn ends_sessions_with_the_password(office: Office) {
    let tokens = office.login().await;
    let login = rows::login_of_account(&office.db, "zhang").await.unwrap().unwrap();
    assert_eq!(office.code(&tokens.access_token).await, None);
    office.identity.set_password(office.zhang, "zhang.wei", "another passphrase").await.unwrap();
    assert_eq!(office.code(&tokens.access_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&tokens.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refused("zhang", PASSWORD).await.code, Code::AuthBadCredentials);
    assert_eq!(office.refused("zhang.wei", PASSWORD).await.code, Code::AuthBadCredentials);
    let from = SignInOrigin::default();
    office.identity.login("zhang.wei", "another passphrase", from).await.unwrap();

    // A login whose password was checked before the change and which arrives after it.
    let late = session::Model {
        id: Uuid::from_u128(0x77).to_string(),
        operator_id: login.operator_id.clone(),
        refresh_hash: String::new(),
        previous_hash: None,
        created_at: 0,
        last_used_at: 0,
        expires_at: i64::MAX,
        revoked_at: None,
        user_agent: None,
        address: None,
    };
    let entry =
        office.identity.entry(AuditKind::SignIn, AuditActor::Unknown("zhang"), json!({})).unwrap();
    assert!(!rows::start(&office.db, &login, late.clone(), &entry).await.unwrap());
    assert!(rows::session(&office.db, &late.id).await.unwrap().is_none());
}

async fn ends_sessions_with_the_operator(office: Office) {
    let tokens = office.login().await;
    assert_eq!(office.code(&tokens.access_token).await, None);
    office.stands(Some(OperatorStatus::Disabled));
    assert_eq!(office.code(&tokens.access_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&tokens.refresh_token).await, Some(Code::AuthTokenInvalid));
    // A new password does not lift a suspension.
    office.identity.set_password(office.zhang, "zhang", PASSWORD).await.unwrap();
    assert_eq!(office.refused("zhang", PASSWORD).await.code, Code::AuthBadCredentials);
    office.stands(Some(OperatorStatus::Active));
    let tokens = office.login().await;
    office.stands(None);
    assert_eq!(office.code(&tokens.access_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refresh_code(&tokens.refresh_token).await, Some(Code::AuthTokenInvalid));
    // After the operator is active again, ended sessions stay ended and new ones work.
    office.stands(Some(OperatorStatus::Active));
    assert_eq!(office.code(&tokens.access_token).await, Some(Code::AuthTokenInvalid));
    let tokens = office.login().await;
    office.stands(Some(OperatorStatus::Left));
    let beside = identity(&office.db, &office.world, &office.others).await;
    beside.authenticate(&tokens.access_token).await.unwrap_err();
    assert_eq!(office.refresh_code(&tokens.refresh_token).await, Some(Code::AuthTokenInvalid));
    assert_eq!(office.refused("zhang", PASSWORD).await.code, Code::AuthBadCredentials);
}

async fn gives_and_takes_roles(office: Office) {
    let tokens = office.login().await;
    let roles = async || office.identity.authenticate(&tokens.access_token).await.unwrap().roles;
    let administrator = ADMINISTRATOR.to_owned();
    assert!(roles().await.is_empty());
    let twice = [administrator.clone(), administrator.clone()];
    office.identity.set_roles(office.zhang, &twice).await.unwrap();
    assert_eq!(roles().await, [ADMINISTRATOR]);
    let both = [administrator, "salesperson".to_owned()];
    office.identity.set_roles(office.zhang, &both).await.unwrap();
    assert_eq!(roles().await, both);
    assert_eq!(office.identity.roles(office.zhang).await.unwrap(), both);
    let held = office.identity.held().await.unwrap();
    assert_eq!(held.into_iter().collect::<Vec<_>>(), [(office.zhang, both.to_vec())]);
    office.identity.set_roles(office.zhang, &[]).await.unwrap();
    assert!(roles().await.is_empty());
}

/// Correct sign-ins with one account at the same time wait for each other and do not count as failures.
async fn many_right_sign_ins_at_once_are_not_guessing(office: Office) {
    let all = (0..20).map(|_| {
        let identity = office.identity.clone();
        tokio::spawn(
            async move { identity.login("zhang", PASSWORD, SignInOrigin::default()).await },
        )
    });
    for one in all.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
}

async fn throttles_failures(office: Office) {
    for account in ["zhang", "ZHANG", " zhang", "zhang ", "Zhang"] {
        assert_eq!(office.refused(account, "guess").await.code, Code::AuthBadCredentials);
    }
    let refused = office.refused("zhang", PASSWORD).await;
    assert_eq!(refused.code, Code::AuthThrottled);
    assert!(refused.hint.is_some());
    office.seconds(1);
    office.login().await;
    for _ in 0..20 {
        office.login().await;
    }
}

async fn shares_one_secret(office: Office) {
    let beside = identity(&office.db, &office.world, &office.others).await;
    let tokens = office.login().await;
    beside.authenticate(&tokens.access_token).await.unwrap();
    beside.refresh(&tokens.refresh_token).await.unwrap();
    let settings = (0..4).map(|n| {
        let db = office.db.clone();
        tokio::spawn(async move { rows::setting(&db, "raced", n.to_string()).await.unwrap() })
    });
    let mut values = Vec::new();
    for setting in settings.collect::<Vec<_>>() {
        values.push(setting.await.unwrap());
    }
    values.dedup();
    assert_eq!(values.len(), 1);
}

async fn minds_the_form_of_accounts_and_passwords(office: Office) {
    let li = Uuid::from_u128(0x12);
    let long = "a".repeat(256);
    for account in ["", "  ", "li si", "li\u{7}", long.as_str()] {
        let refused = office.identity.set_password(li, account, PASSWORD).await.unwrap_err();
        assert_eq!((refused.code, refused.path), (Code::InputValue, vec!["account".to_owned()]));
    }
    let (short, long) = ("密".repeat(9), "密".repeat(1025));
    for password in ["", &short, &long] {
        let refused = office.identity.set_password(li, "li", password).await.unwrap_err();
        assert_eq!((refused.code, refused.path), (Code::InputValue, vec!["password".to_owned()]));
    }
    for password in ["密".repeat(10), "密".repeat(1024)] {
        office.identity.set_password(li, "李", &password).await.unwrap();
        office.identity.login(" 李", &password, SignInOrigin::default()).await.unwrap();
    }
}
