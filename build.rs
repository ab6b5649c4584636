//! Builds the playground page and hands it to the program through `OUT_DIR/playground`.
//!
//! Writes to `playground/node_modules` and `playground/dist` besides, and nowhere else.
//! A machine without npm still builds the server: a page that says what is missing takes the place.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// What the page is made of, below `playground/`.
const SOURCES: [&str; 9] = [
    "src",
    "public",
    "index.html",
    "graphiql.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    ".npmrc",
];

const SKIP: &str = "TRADEWIND_SKIP_PLAYGROUND";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let playground = root.join("playground");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("playground");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed={SKIP}");
    for source in SOURCES {
        if playground.join(source).exists() {
            println!("cargo:rerun-if-changed=playground/{source}");
        }
    }
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let skipped = env::var_os(SKIP).is_some_and(|value| !value.is_empty() && value != "0");
    let built = if skipped { Err(format!("{SKIP} is set")) } else { build(&playground) };
    match built {
        Ok(dist) => copy(&dist, &out),
        Err(reason) => {
            println!("cargo:warning=the playground page is left out: {reason}");
            fs::write(out.join("index.html"), fallback(&reason))
        }
    }
}

/// The folder of the built page, made anew if a source is younger.
fn build(playground: &Path) -> Result<PathBuf, String> {
    let dist = playground.join("dist");
    let page = dist.join("index.html");
    let newest = SOURCES.iter().filter_map(|source| newest(&playground.join(source))).max();
    if newest.is_none() {
        return Err("the folder playground/ has no sources".into());
    }
    let made = if modified(&page) < newest { make(playground) } else { Ok(()) };
    match made {
        Ok(()) if page.exists() => Ok(dist),
        Ok(()) => Err("the build made no index.html".into()),
        Err(reason) if page.exists() => {
            println!("cargo:warning=the playground page is older than its sources: {reason}");
            Ok(dist)
        }
        Err(reason) => Err(reason),
    }
}

fn make(playground: &Path) -> Result<(), String> {
    let lock = playground.join("package-lock.json");
    let installed = playground.join("node_modules/.package-lock.json");
    if modified(&installed) < modified(&lock) {
        npm(playground, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(playground, &["run", "build"])
}

fn npm(playground: &Path, arguments: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let told = arguments.join(" ");
    let output = Command::new(program)
        .args(arguments)
        .current_dir(playground)
        .output()
        .map_err(|error| format!("npm cannot be started ({error})"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    for line in text.lines().rev().take(5).collect::<Vec<_>>().into_iter().rev() {
        println!("cargo:warning=npm {told}: {line}");
    }
    Err(format!("`npm {told}` failed"))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// When the youngest file at or below a path was changed.
fn newest(path: &Path) -> Option<SystemTime> {
    let below = fs::read_dir(path).into_iter().flatten().flatten();
    let own = if path.is_dir() { None } else { modified(path) };
    below.filter_map(|entry| newest(&entry.path())).chain(own).max()
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// The page of a server that was built without npm.
fn fallback(reason: &str) -> String {
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Tradewind</title></head>
<body>
<h1>Tradewind</h1>
<p>The server runs, but its page was not built in: {reason}.<br>
GraphQL is served at <code>POST /graphql</code> and <code>POST /metadata</code>.</p>
<p>To build the page, install Node.js 20.19 or newer with npm, then
<code>touch build.rs &amp;&amp; cargo build</code> with <code>{SKIP}</code> unset.</p>
<hr>
<p lang="zh-CN">服务器运行正常，但网页未编入程序：{reason}。<br>
GraphQL 服务位于 <code>POST /graphql</code> 与 <code>POST /metadata</code>。</p>
<p lang="zh-CN">如需网页，请安装 Node.js 20.19 或更高版本（含 npm），取消设置 <code>{SKIP}</code>，
然后执行 <code>touch build.rs &amp;&amp; cargo build</code>。</p>
</body>
</html>
"#
    )
}
