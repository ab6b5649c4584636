//! The faults of the database and of what is stored about operators, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported; `driver_errors` tells what an error of the
//! database means.

use crate::faults;

faults! {
    // Opening a database.
    bad_url() = StorageUnavailable, "the database URL is neither `sqlite://` nor `postgres://`", "数据库地址既不是 `sqlite://` 也不是 `postgres://`";
    no_file(url) = StorageUnavailable, "the database URL `{url}` names no file", "数据库地址 `{url}` 没有指定文件",
        hint "write `sqlite://data/tradewind.db`, or `sqlite:///var/lib/tradewind.db` for a path from the root", "请写为 `sqlite://data/tradewind.db`；绝对路径写为 `sqlite:///var/lib/tradewind.db`";
    not_opened(place) = StorageUnavailable, "the database at `{place}` cannot be opened", "无法打开数据库 `{place}`",
        hint "check that it runs, that the address is right and that this user may write", "请检查数据库是否运行、地址是否正确以及是否有写权限";
    served_already(file) = StorageUnavailable, "another server already serves the file `{file}`", "已有另一个服务正在使用文件 `{file}`",
        hint "stop it first, or give another file; several servers can share a PostgreSQL database", "请先停止它，或指定其他文件；多个服务可共用一个 PostgreSQL 数据库";
    foreign(place, table) = StorageForeign, "the database at `{place}` is not empty and not Tradewind's: it has the table `{table}`", "数据库 `{place}` 已有其他程序的数据：其中有表 `{table}`",
        hint "give an empty database, or on PostgreSQL an empty schema; nothing was written", "请指定空数据库（PostgreSQL 可用空 schema）；未写入任何内容";
    is_folder(file) = StorageForeign, "`{file}` is a folder", "`{file}` 是一个目录",
        hint "give the path of a database file, or of one to be made", "请指定数据库文件的路径";
    is_no_database(file) = StorageForeign, "`{file}` is not a SQLite database", "`{file}` 不是 SQLite 数据库",
        hint "give the path of a database file, or of one to be made", "请指定数据库文件的路径";
    unknown_zone(zone) = StorageUnavailable, "this PostgreSQL does not know the time zone `{zone}`", "此 PostgreSQL 不支持时区 `{zone}`",
        hint "set `zone` to a name of pg_timezone_names, such as Asia/Shanghai", "请将 `zone` 设为 pg_timezone_names 中的名称，如 Asia/Shanghai";

    // Statements that fail.
    stopped() = LimitTime, "the request took too long and was stopped", "请求耗时过长，已中止",
        hint "ask for less at once, or try again later", "请减少一次查询的内容，或稍后重试";
    too_big() = LimitCost, "this is more than the database can hold in one piece", "数据量超出数据库一次可处理的上限",
        hint "ask for less at once", "请减少一次查询的内容";
    not_reached() = StorageUnavailable, "the database cannot be reached", "无法连接数据库",
        hint "try again in a moment", "请稍后重试";
    not_at_the_moment() = StorageUnavailable, "the database cannot carry this out at the moment", "数据库暂时无法完成此操作",
        hint "try again in a moment", "请稍后重试";
    perhaps_stored() = StorageUnavailable, "the database failed while this was being stored: it may be stored, or not", "保存过程中数据库出现故障：本次修改可能已保存，也可能未保存",
        hint "read what is there before you send it again; with an `idempotencyKey` the same request is carried out once", "请先查询当前数据再决定是否重发；带有 `idempotencyKey` 的相同请求只会执行一次";
    slow_write() = StorageUnavailable, "the database does not take writes in time", "数据库未能及时响应写入";

    // Definitions.
    definitions_changed() = CatalogConflict, "the definitions were changed by someone else meanwhile", "定义已被其他人修改",
        hint "apply your text again", "请重新提交您的定义";
    records_do_not_fit() = CatalogChange, "the records there are do not fit this definition", "已有记录不符合该定义",
        hint "change the records first, or leave the field as it is", "请先修改记录，或保持字段不变";

    // Sign-ins that follow their operators.
    account_with_spaces() = RecordValue, "an account has no spaces between its characters", "账号中间不能有空格",
        hint "nobody could sign in by it", "否则无法用该账号登录";
    account_of_another() = RecordTaken, "the account is the sign-in of another operator", "该账号已是其他操作员的登录账号";
}
