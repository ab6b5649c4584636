//! The faults of sign-ins, tokens, keys and passwords, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    // Signing in.
    bad_credentials() = AuthBadCredentials, "account or password is wrong", "账号或密码错误";
    throttled(seconds) = AuthThrottled, "too many failed attempts", "失败次数过多",
        hint "wait {seconds} seconds and try again", "请等待 {seconds} 秒后重试";
    token_invalid() = AuthTokenInvalid, "the token is not valid", "令牌无效",
        hint "sign in again", "请重新登录";
    token_expired() = AuthTokenExpired, "the access token has expired", "访问令牌已过期";
    session_required() = AuthSessionRequired, "an API key may not do this", "API 密钥不能执行此操作",
        hint "sign in with the account's password", "请使用账号密码登录";
    no_session() = RecordNotFound, "there is no such session", "该会话不存在";
    link_invalid() = AuthTokenInvalid, "the link is not valid, was used, or has expired", "该链接无效、已使用或已过期",
        hint "ask an administrator for a new one", "请向管理员索取新的链接";
    may_not_sign_in(account) = InputValue, "`{account}` may not sign in: the operator is disabled, left or removed", "`{account}` 不能登录：操作员已停用、离职或删除";

    // Accounts.
    bad_account(most) = InputValue, "an account has 1 to {most} characters without spaces between them", "账号为 1 到 {most} 个字符，中间不能有空格";
    account_of_another() = RecordTaken, "the account belongs to another operator", "该账号已属于其他操作员";

    no_role(code) = InputValue, "there is no role `{code}`", "没有角色 `{code}`";

    // API keys.
    key_invalid() = AuthTokenInvalid, "the API key is not valid", "API 密钥无效",
        hint "it may have been revoked; make a new one", "它可能已被撤销，请创建新的密钥";
    key_expired() = AuthKeyExpired, "the API key has expired", "API 密钥已过期",
        hint "make a new one", "请创建新的密钥";
    bad_key_name(most) = InputValue, "a name has 1 to {most} characters", "名称为 1 到 {most} 个字符";
    bad_key_end() = InputValue, "a key ends within a year from now", "密钥的有效期须在今后一年之内";
    key_without_roles() = InputValue, "a key without roles could do nothing", "没有角色的密钥不能做任何事";
    role_not_held(account, role) = InputValue, "`{account}` does not hold the role `{role}`", "`{account}` 没有角色 `{role}`";
    too_many_keys(most) = InputValue, "an account has at most {most} keys; revoke one", "一个账号最多有 {most} 个密钥，请先撤销一个";

    // Passwords.
    password_short(least) = InputValue, "the password must have at least {least} characters", "密码至少需要 {least} 个字符";
    password_long(most) = InputValue, "the password must have at most {most} characters", "密码最多 {most} 个字符";
    not_your_password() = AuthBadCredentials, "this is not your password", "当前密码错误";
    same_password() = InputValue, "the new password is the old one", "新密码与当前密码相同";
    password_of_known_names() = AuthPasswordWeak, "the password is too easy to guess", "密码太容易被猜到",
        hint "there is hardly more in it than names that others know: yours, the account's, a colleague's, the product's", "其中除账号、您或同事的姓名、产品名外几乎没有其他内容";
    password_of_name_and_digits(advice) = AuthPasswordWeak, "the password is too easy to guess", "密码太容易被猜到",
        hint "a name with some digits is easy to guess; {advice}", "姓名加数字容易被猜到；{advice}";
    password_weak(advice) = AuthPasswordWeak, "the password is too easy to guess", "密码太容易被猜到",
        hint "{advice}", "{advice}";
    password_weak_as(why, advice) = AuthPasswordWeak, "the password is too easy to guess", "密码太容易被猜到",
        hint "{why}; {advice}", "{why}；{advice}";
}
