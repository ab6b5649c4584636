//! The command line in Chinese: help and error messages.
//!
//! Replaces those texts of clap's help that clap lets us change.

use clap::{
    Arg, Command,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// Short help in English, its translation, and the rest of the long help in Chinese.
const HELP: &[(&str, &str, &str)] = &[
    (
        "Tradewind, a GraphQL CRM server that trading companies reshape at run time",
        "Tradewind：贸易公司可在运行时改造的客户关系管理服务器，接口为 GraphQL",
        "不带命令时启动服务器。",
    ),
    ("Start the server (what happens without a command)", "启动服务器（不带命令时即如此）", ""),
    (
        "Bring the database to this version's tables, then end",
        "将数据库升级到本版本的表结构，然后结束",
        "",
    ),
    ("Check, export, compare and apply definitions", "检查、导出、比较和应用定义", ""),
    ("Manage sign-in accounts", "管理登录账号", ""),
    (
        "Print a commented settings file with every setting and its default",
        "输出带注释的设置文件，含全部设置及其默认值",
        "",
    ),
    (
        "Measure this build against hand-written SQL, on a data set made for it",
        "在专用数据集上，将本程序与手写 SQL 对比测量",
        "",
    ),
    (
        "Write the data set into an empty database",
        "将数据集写入空数据库",
        "规模为 1 时：60 个部门、500 名员工、200,000 个客户及 300,000 名相关员工、400,000 个联系人、300,000 个商机、5,000 个存货、500,000 张订单及 1,500,000 行明细，每次相同；另有经理与销售两个账号。",
    ),
    (
        "Customers, contacts, opportunities and orders, as a part of the full data set",
        "客户、联系人、商机和订单占完整数据集的比例",
        "",
    ),
    (
        "Measure the workloads on a database made by `bench load` and print a table",
        "在 `bench load` 生成的数据库上测量各项负载并输出表格",
        "服务器与采用最佳手写 SQL 的简单 HTTP 服务器各在自己的进程中运行，轮流接受请求。会在该数据库中新建和修改客户。",
    ),
    (
        "Ask everything mixed for a long time, and fail if any request does or memory grows",
        "长时间混合请求；任何请求失败或内存增长即为失败",
        "会新建和修改由 `bench load` 生成的数据库中的客户。",
    ),
    ("How long", "时长（分钟）", ""),
    (
        "Connections of the client, each with a manager and a salesperson",
        "客户端连接数，每个连接含经理与销售各一",
        "",
    ),
    (
        "Measure how long publishing an object takes at several numbers of objects, and print a table",
        "在不同对象数量下测量发布一个对象所需的时间并输出表格",
        "向 `bench load` 生成的数据库添加各有 30 个字段的对象，直到达到所给数量；这些对象会保留。两台服务器共用该数据库：一台发布，另一台获知。",
    ),
    (
        "Numbers of objects, separated by commas; those below what there is are left out",
        "对象数量，以逗号分隔；少于现有数量的略去",
        "",
    ),
    ("Publishes at each number", "每个数量下的发布次数", ""),
    ("One of the servers a run measures", "被测量的服务器之一", ""),
    ("Which one", "哪一个", ""),
    ("Workloads, separated by commas", "负载，以逗号分隔", ""),
    (
        "Connections of the client; a table for each number, separated by commas",
        "客户端连接数，以逗号分隔，每个数一张表",
        "",
    ),
    (
        "How often each workload is measured; the table shows medians",
        "每项负载的测量次数，表格显示中位数",
        "",
    ),
    ("Seconds of one measurement", "每次测量的秒数", ""),
    (
        "A further GraphQL server to measure, such as `http://127.0.0.1:5433/graphql`",
        "一并测量的另一台 GraphQL 服务器（对比服务器），例如 `http://127.0.0.1:5433/graphql`",
        "",
    ),
    (
        "Folder with what to ask it: `W1.graphql` and so on, and `W1.json` for variables",
        "存放对比服务器查询的文件夹：`W1.graphql` 等，变量写在 `W1.json` 等文件中",
        "变量中的 \"$id\" 表示该负载生成的编号，其余类推。没有变量文件时，变量即为以各自名称给出的生成值。没有查询文件的负载不向其发送。",
    ),
    (
        "Header to send to it, as `Name: value`; may be given several times",
        "发给对比服务器的请求头，写作 `Name: value`，可多次给出",
        "",
    ),
    (
        "Process of it, for its CPU time and memory; may be given several times",
        "对比服务器的进程号，用以读取其处理器时间和内存，可多次给出",
        "",
    ),
    (
        "Load the demo company into an empty database and print its accounts",
        "在空数据库中载入演示公司，并输出其账号",
        "演示账号的密码是公开的，因此这样的服务器只监听本机回环地址。",
    ),
    (
        "Address and port to listen on [default: 127.0.0.1:8080]",
        "监听的地址和端口 [默认: 127.0.0.1:8080]",
        "",
    ),
    (
        "Check definition files together with the standard objects; nothing is changed",
        "将定义文件与标准对象一起检查，不做任何更改",
        "",
    ),
    (
        "Definition files in GraphQL SDL; the standard objects alone when none is given",
        "SDL 定义文件；不给出时只检查标准对象",
        "",
    ),
    ("Print the GraphQL schema of the records endpoint", "输出业务数据接口的 GraphQL 模式", ""),
    (
        "Write all of the company's own definitions into a folder, as a bundle",
        "将企业自有的全部定义写入文件夹，成为定义包",
        "对象、角色、布局与菜单各成一个文件，并附清单。已不存在的部分的文件会被移除，文件夹中的其他内容不变。",
    ),
    ("The folder; made where there is none", "文件夹，不存在时新建", ""),
    (
        "Sign it with this private key; the signature is written beside the folder, as `FOLDER.sig`",
        "用此私钥签名；签名写在文件夹旁的 `文件夹.sig`",
        "",
    ),
    (
        "Compare a bundle with the database; ends with code 2 where they differ",
        "将定义包与数据库比较；有差异时退出码为 2",
        "",
    ),
    ("The folder", "文件夹", ""),
    ("Apply a bundle to the database in one transaction", "在同一事务中将定义包应用到数据库", ""),
    ("Carry everything out in a transaction that is undone", "在随后撤销的事务中执行全部操作", ""),
    (
        "What may be retired: objects and fields (`Object.field`), separated by commas, or `*` for all",
        "允许停用的对象和字段（`对象.字段`），以逗号分隔；`*` 表示全部",
        "",
    ),
    (
        "Files that count although the database has changed, separated by commas, or `*` for all",
        "数据库已修改但仍以定义包为准的文件，以逗号分隔；`*` 表示全部",
        "",
    ),
    (
        "Files for which the database stays as it is, separated by commas, or `*` for all",
        "保留数据库内容的文件，以逗号分隔；`*` 表示全部",
        "",
    ),
    ("Why, for the list of versions", "说明原因，显示在版本列表中", ""),
    (
        "Publish the company's own objects of an earlier version as the next one",
        "将早期版本中企业自有的对象作为下一个版本发布",
        "之后新增的内容将停用。角色、布局与菜单保持不变。",
    ),
    ("The earlier version", "早期版本", ""),
    ("Only compare", "仅比较", ""),
    (
        "Make a private key that signs bundles, and print its public key for the settings",
        "生成用于签名定义包的私钥，并输出写入设置的公钥",
        "",
    ),
    ("The file to write; must not be there yet", "要写入的文件，须尚不存在", ""),
    (
        "Add an account, or give a confirmed colleague's account its first password",
        "添加账号，或为已确认的同事的账号设置首个密码",
        "",
    ),
    ("The name to sign in with; case does not matter", "登录名，不区分大小写", ""),
    ("The person's name as shown [default: the account]", "显示的姓名 [默认: 账号]", ""),
    ("Give the administrator role", "授予管理员角色", ""),
    (
        "Read the password from standard input, one line, instead of asking for it",
        "从标准输入读取一行作为密码，而不询问",
        "",
    ),
    (
        "Make a link by which the account's owner sets a password, once and within three days",
        "生成链接，账号的所有者可凭此设置密码，三天内一次有效",
        "",
    ),
    ("The account", "账号", ""),
    ("Set a new password and end the account's sessions", "设置新密码，并结束该账号的会话", ""),
    (
        "Settings file [default: ./tradewind.toml if there is one; variable `TRADEWIND_CONFIG`]",
        "设置文件 [默认: 存在时为 ./tradewind.toml；变量 `TRADEWIND_CONFIG`]",
        "",
    ),
    (
        "Database, such as `sqlite://data/tradewind.db` or `postgres://user:password@host/name`",
        "数据库，例如 `sqlite://data/tradewind.db` 或 `postgres://user:password@host/name`",
        "",
    ),
    ("Print help", "显示帮助", ""),
    ("Print help (see more with '--help')", "显示帮助（更多内容见 '--help'）", ""),
    ("Print version", "显示版本", ""),
    (
        "Print this message or the help of the given subcommand(s)",
        "显示本说明，或指定命令的说明",
        "",
    ),
];

const AFTER: &str = "设置依次取自参数、TRADEWIND_* 变量和设置文件。\n`tradewind config` 输出带注释的文件，含全部设置及其默认值。";

/// The help template of a command and its subcommands.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

fn known(english: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let short = english.split("\n\n").next().unwrap_or(english).replace('\n', " ");
    HELP.iter().find(|(en, ..)| *en == short.trim_end_matches('.'))
}

/// Translates the help of a command into Chinese.
pub(super) fn in_chinese(mut command: Command) -> Command {
    command.build();
    translated(command).after_help(AFTER)
}

fn translated(command: Command) -> Command {
    let about = command.get_about().map(ToString::to_string);
    let command = command.mut_args(argument).mut_subcommands(translated);
    let command = match about.as_deref().and_then(known) {
        Some((_, about, "")) => command.about(*about).long_about(*about),
        Some((_, about, more)) => command.about(*about).long_about(format!("{about}\n\n{more}")),
        None => command,
    };
    command.help_template(TEMPLATE).subcommand_help_heading("命令")
}

fn argument(argument: Arg) -> Arg {
    let help = argument.get_help().map(ToString::to_string);
    let heading = if argument.is_positional() { "参数" } else { "选项" };
    let argument = argument.help_heading(heading);
    match help.as_deref().and_then(known) {
        Some((_, help, "")) => argument.help(*help).long_help(*help),
        Some((_, help, more)) => argument.help(*help).long_help(format!("{help}\n\n{more}")),
        None => argument,
    }
}

/// Returns the error message of a wrong command in Chinese.
pub(super) fn refusal(error: &clap::Error) -> String {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let told = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 `{arg}`"),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令 `{}`", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数 `{arg}`"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "请指定命令".to_owned()
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("参数 `{arg}` 需要一个值")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("参数 `{arg}` 不能取值 `{value}`")
        }
        ErrorKind::ArgumentConflict if arg.is_empty() => {
            "`--demo` 与 `--listen` 属于 `serve`，须写在它之后".to_owned()
        }
        ErrorKind::ArgumentConflict => format!("参数 `{arg}` 不能这样使用"),
        _ => format!("命令无法读取：`{}`", error.kind()),
    };
    format!("错误：{told}\n\n说明见 `tradewind --help`")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::{
        base::{Lang, foreign},
        cli::Cli,
    };

    /// Collects the help texts of a command and its subcommands.
    fn help(command: &Command, all: &mut Vec<String>) {
        let args = command.get_arguments().flat_map(|arg| [arg.get_help(), arg.get_long_help()]);
        let texts = args.chain([command.get_about(), command.get_long_about()]);
        all.extend(texts.flatten().map(ToString::to_string));
        command.get_subcommands().for_each(|below| help(below, all));
    }

    #[test]
    fn all_help_is_in_chinese() {
        let mut all = Vec::new();
        help(&in_chinese(Cli::command()), &mut all);
        assert!(all.len() > 40);
        for text in all {
            assert_eq!(foreign(&text, Lang::Zh), None, "{text}");
            assert!(text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c)), "{text}");
        }
        in_chinese(Cli::command()).debug_assert();
    }

    #[test]
    fn refusals_are_in_chinese() {
        for line in [
            "tradewind serv",
            "tradewind --nothing",
            "tradewind user add",
            "tradewind user",
            "tradewind bench run --connections 0",
            "tradewind bench run --workload W99",
            "tradewind bench run --peer http://x/graphql",
            "tradewind bench run --peer-header A:b",
            "tradewind --listen",
            "tradewind --demo migrate",
        ] {
            let error = Cli::read(line.split_whitespace(), Lang::Zh).unwrap_err();
            let told = refusal(&error);
            assert_eq!(foreign(&told, Lang::Zh), None, "{told}");
            assert!(!told.contains("无法读取"), "{line}: {told}");
        }
    }
}
