//! Errors as users see them: a stable code, a path, a message in two languages, a hint.
//!
//! Every room returns this type at its boundary. `internal` is for the log and never leaves the server.

use std::{borrow::Cow, fmt};

use uuid::Uuid;

pub use super::message::{Lang, Message};

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $status:literal;)*) => {
        /// The stable error codes, each with the HTTP status that it has if it refuses a whole request.
        ///
        /// This table is the documentation of codes, and its comments are the texts of [`Self::meaning`]. A
        /// code is never reused for another meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// Every code, in table order.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code as clients read it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether it reports a limit.
            pub fn is_limit(self) -> bool {
                self.name().starts_with("LIMIT_")
            }

            /// The HTTP status when the code refuses a whole request.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The meaning of the code, from the table.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*),)* }
            }
        }
    };
}

codes! {
    /// The request needs a sign-in.
    AuthRequired = "AUTH_REQUIRED", 401;
    /// The token is not one of ours, or was revoked.
    AuthTokenInvalid = "AUTH_TOKEN_INVALID", 401;
    /// The token has expired; use the refresh token.
    AuthTokenExpired = "AUTH_TOKEN_EXPIRED", 401;
    /// Account or password is wrong.
    AuthBadCredentials = "AUTH_BAD_CREDENTIALS", 401;
    /// Too many failed attempts; wait and try again.
    AuthThrottled = "AUTH_THROTTLED", 429;
    /// The password is too easy to guess.
    AuthPasswordWeak = "AUTH_PASSWORD_WEAK", 400;
    /// This needs a sign-in with a password; an API key will not do.
    AuthSessionRequired = "AUTH_SESSION_REQUIRED", 403;
    /// The API key has expired; ask for a new one.
    AuthKeyExpired = "AUTH_KEY_EXPIRED", 401;
    /// The caller may not do this.
    AccessDenied = "ACCESS_DENIED", 403;
    /// The document or body could not be parsed.
    InputSyntax = "INPUT_SYNTAX", 400;
    /// The document does not fit the schema.
    InputInvalid = "INPUT_INVALID", 400;
    /// A variable is missing or has the wrong type.
    InputVariable = "INPUT_VARIABLE", 400;
    /// An argument has a value of the wrong type or form.
    InputValue = "INPUT_VALUE", 400;
    /// The cursor is not one of this list.
    InputCursor = "INPUT_CURSOR", 400;
    /// The HTTP method is not allowed here.
    InputMethod = "INPUT_METHOD", 405;
    /// The content type is not accepted.
    InputContentType = "INPUT_CONTENT_TYPE", 415;
    /// No document is known by this hash; send its text along.
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", 200;
    /// The server takes only the documents of its list.
    PersistedQueryOnly = "PERSISTED_QUERY_ONLY", 403;
    /// None of the accepted response types can be served.
    InputAccept = "INPUT_ACCEPT", 406;
    /// There is nothing at this address.
    InputPath = "INPUT_PATH", 404;
    /// The idempotency key was used for another request.
    ConflictIdempotency = "CONFLICT_IDEMPOTENCY", 409;
    /// The body is larger than allowed.
    LimitBody = "LIMIT_BODY", 413;
    /// The document has too many tokens.
    LimitTokens = "LIMIT_TOKENS", 400;
    /// Selections are nested too deep.
    LimitDepth = "LIMIT_DEPTH", 400;
    /// Too many fields, root fields or aliases.
    LimitFields = "LIMIT_FIELDS", 400;
    /// Too many directives.
    LimitDirectives = "LIMIT_DIRECTIVES", 400;
    /// The operation costs more than allowed.
    LimitCost = "LIMIT_COST", 400;
    /// A page or list is larger than allowed.
    LimitPage = "LIMIT_PAGE", 400;
    /// The operation took too long and was stopped. Where something of it may be stored, the message says so.
    LimitTime = "LIMIT_TIME", 503;
    /// An operation has more conditions, keys or values to compare with than allowed.
    LimitConditions = "LIMIT_CONDITIONS", 400;
    /// An operation leads over more relations than allowed.
    LimitJoins = "LIMIT_JOINS", 400;
    /// A text that is compared or looked for is longer than allowed.
    LimitText = "LIMIT_TEXT", 400;
    /// Too much of the same person's is under way; try again when it is done.
    LimitBusy = "LIMIT_BUSY", 429;
    /// More records match than a change was meant for, than may be printed or exported at once, than a subscription follows, or than `asOf` looks back over.
    LimitRecords = "LIMIT_RECORDS", 400;
    /// The caller has read as many different records as the budget of reads allows for now.
    LimitReads = "LIMIT_READS", 429;
    /// Too many of the caller's writes were refused for what they may not see.
    LimitGuesses = "LIMIT_GUESSES", 429;
    /// There are as many subscriptions or connections as allowed.
    LimitSubscriptions = "LIMIT_SUBSCRIPTIONS", 429;
    /// No such record, or none the caller may see.
    RecordNotFound = "RECORD_NOT_FOUND", 404;
    /// A required field has no value.
    RecordRequired = "RECORD_REQUIRED", 400;
    /// The record looks like another one, and a duplicate rule refuses that.
    RecordDuplicate = "RECORD_DUPLICATE", 409;
    /// A unique key is taken by another record.
    RecordTaken = "RECORD_TAKEN", 409;
    /// A check of the object's definition does not hold.
    RecordCheck = "RECORD_CHECK", 400;
    /// A value does not fit its field.
    RecordValue = "RECORD_VALUE", 400;
    /// The record has changed since it was read.
    RecordVersion = "RECORD_VERSION", 409;
    /// A reference names no record the caller may see.
    RecordReference = "RECORD_REFERENCE", 400;
    /// Other records still refer to this one.
    RecordInUse = "RECORD_IN_USE", 409;
    /// The change would leave no administrator who can sign in.
    RecordLastAdministrator = "RECORD_LAST_ADMINISTRATOR", 409;
    /// The field is kept by the system and cannot be written.
    RecordReadOnly = "RECORD_READ_ONLY", 400;
    /// The record is not in a state in which this can be done, or its state is written by moves alone.
    RecordState = "RECORD_STATE", 409;
    /// A rule of the company refuses the record, or cannot be carried out on it.
    RecordRule = "RECORD_RULE", 400;
    /// The record waits for approval, or has to be approved first.
    RecordPending = "RECORD_PENDING", 409;
    /// The task of an approval has been decided or withdrawn meanwhile.
    ApprovalDecided = "APPROVAL_DECIDED", 409;
    /// More faults were found than are told at once.
    RecordMore = "RECORD_MORE", 400;
    /// Another mutation of the same operation was refused, so this one was undone.
    RecordUndone = "RECORD_UNDONE", 409;
    /// The definition is not valid SDL.
    CatalogSyntax = "CATALOG_SYNTAX", 400;
    /// A name is reserved, malformed or too long.
    CatalogName = "CATALOG_NAME", 400;
    /// The same name is defined twice.
    CatalogDuplicate = "CATALOG_DUPLICATE", 400;
    /// A type is not known or not allowed there.
    CatalogType = "CATALOG_TYPE", 400;
    /// A directive or one of its arguments is wrong.
    CatalogDirective = "CATALOG_DIRECTIVE", 400;
    /// A relation, line table or inverse is wrong.
    CatalogRelation = "CATALOG_RELATION", 400;
    /// An expression does not parse or does not type-check.
    CatalogExpression = "CATALOG_EXPRESSION", 400;
    /// A text of behaviour names what there is not, or says what cannot be done.
    CatalogRule = "CATALOG_RULE", 400;
    /// Records wait for what would be gone.
    CatalogInUse = "CATALOG_IN_USE", 409;
    /// Rules of saves depend on one another in a circle.
    CatalogLoop = "CATALOG_LOOP", 400;
    /// A number format is wrong.
    CatalogNumber = "CATALOG_NUMBER", 400;
    /// The change would lose data or cannot be carried out on existing records.
    CatalogChange = "CATALOG_CHANGE", 409;
    /// The catalog was changed by someone else meanwhile; try again.
    CatalogConflict = "CATALOG_CONFLICT", 409;
    /// The job is not in a state in which this can be done, or another worker has it.
    JobState = "JOB_STATE", 409;
    /// The bundle of definitions is not signed, is not what was signed, or is signed by a key that is not trusted.
    CatalogSignature = "CATALOG_SIGNATURE", 403;
    /// The database is not empty, and what is in it is not ours.
    StorageForeign = "STORAGE_FOREIGN", 409;
    /// The database cannot be used at the moment: not reached, full, locked, or failing; try again.
    StorageUnavailable = "STORAGE_UNAVAILABLE", 503;
    /// A fault of the server; the log has the rest under the request id.
    Internal = "INTERNAL", 500;
}

/// The largest number of faults that are reported at once.
pub const TOLD: usize = 100;

/// An error, in the form that every boundary of the server uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The stable code.
    pub code: Code,
    /// The place in the input, outermost part first; empty if the error concerns the whole input.
    pub path: Vec<String>,
    /// The message for a person.
    pub message: Message,
    /// The advice.
    pub hint: Option<Message>,
    /// The API names of the fields and objects that the texts name by their labels.
    pub about: Vec<String>,
    /// The values of a field in two conflicting changes.
    pub sides: Option<Box<Sides>>,
    /// The records that a refused one looks like.
    pub like: Vec<LooksLike>,
    /// For the log only.
    pub internal: Option<String>,
}

/// The value of a field in the caller's change, and after someone else's change, both as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// The caller's value; `None` if they gave none.
    pub mine: Option<serde_json::Value>,
    /// The current value.
    pub theirs: serde_json::Value,
    /// The records that these values disclose.
    pub tells: Vec<Uuid>,
}

/// A record that another one looks like, by a duplicate rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooksLike {
    /// The name of the rule.
    pub rule: String,
    /// Its id; `None` if the caller may not see it.
    pub id: Option<Uuid>,
}

impl Error {
    /// An error with its message in English and Chinese.
    pub fn new(
        code: Code,
        en: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::of(code, Message::new(en, zh))
    }

    /// An error with a message that exists already.
    pub fn of(code: Code, message: impl Into<Message>) -> Self {
        Self {
            code,
            path: Vec::new(),
            message: message.into(),
            hint: None,
            about: Vec::new(),
            sides: None,
            like: Vec::new(),
            internal: None,
        }
    }

    /// A fault of the server. The caller learns nothing of `cause`, which is kept for the log.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self {
            internal: Some(cause.to_string()),
            ..Self::new(Code::Internal, "the server failed", "服务器出错")
        }
    }

    /// At most [`TOLD`] of some faults, then how many more there are.
    pub fn few(mut faults: Vec<Self>) -> Vec<Self> {
        if faults.len() <= TOLD {
            return faults;
        }
        let more = faults.len() - TOLD;
        faults.truncate(TOLD);
        faults.push(Self::more(more));
        faults
    }

    /// The error that says how many more faults were found than are reported.
    pub fn more(more: usize) -> Self {
        let message = crate::message!("{more} more faults were found", "另有 {more} 处错误未列出");
        Self::of(Code::RecordMore, message).hint("correct these first", "请先改正以上错误")
    }

    /// The same error at a path.
    #[must_use]
    pub fn at<S: Into<String>>(mut self, path: impl IntoIterator<Item = S>) -> Self {
        self.path = path.into_iter().map(Into::into).collect();
        self
    }

    /// The same error one level further out: `segment` becomes the first part of the path.
    #[must_use]
    pub fn within(mut self, segment: impl Into<String>) -> Self {
        self.path.insert(0, segment.into());
        self
    }

    /// The same error, whose texts name the fields and objects with these API names by their labels.
    #[must_use]
    pub fn about<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.about.extend(names.into_iter().map(Into::into));
        self
    }

    /// The same error with advice.
    #[must_use]
    pub fn hint(
        mut self,
        en: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.hint = Some(Message::new(en, zh));
        self
    }

    /// The same error with advice that exists already, if there is any.
    #[must_use]
    pub fn hinted(mut self, hint: Option<Message>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message.en)?;
        if let Some(internal) = &self.internal {
            write!(f, " ({internal})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The result of an operation that can fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
