//! Rich text: HTML that is cleaned before it is stored, and the words in it.
//!
//! Owns what may be in it. Must not know fields or how long they are.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

/// Where a link or an image of a rich text may lead.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Ends of what stands on lines or in cells of its own.
const ENDS: [&str; 15] = [
    "<br>",
    "</p>",
    "</div>",
    "</li>",
    "</tr>",
    "</h1>",
    "</h2>",
    "</h3>",
    "</h4>",
    "</h5>",
    "</h6>",
    "</pre>",
    "</blockquote>",
    "</dt>",
    "</dd>",
];

/// Keeps the elements by which texts are marked up, none that runs, and links that lead outside.
static RICH: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.url_schemes(HashSet::from(SCHEMES)).url_relative(UrlRelative::Deny);
    builder
});

/// Keeps no element.
static WORDS: LazyLock<Builder<'static>> = LazyLock::new(Builder::empty);

/// The text without what could run, track or disguise itself: scripts, styles, forms, frames, handlers, comments. A
/// text that shows nothing is empty.
pub fn clean(given: &str) -> String {
    let cleaned = RICH.clean(given).to_string();
    let cleaned = cleaned.trim();
    let shows = ["<img", "<hr"].iter().any(|element| cleaned.contains(element));
    if shows || !plain(cleaned).is_empty() { cleaned.to_owned() } else { String::new() }
}

/// The words of a rich text, without its marks, a line for each paragraph.
pub fn plain(rich: &str) -> String {
    let mut broken = rich.to_owned();
    for end in ENDS {
        if broken.contains(end) {
            broken = broken.replace(end, &format!("{end}\n"));
        }
    }
    // Cells of a row stay apart.
    let broken = broken.replace("</td>", "</td> ").replace("</th>", "</th> ");
    // What is left are words, in which these signs alone are written otherwise.
    let words = WORDS.clean(&broken).to_string();
    let words = words
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    let lines = words.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_not_kept() {
        for (given, kept) in [
            ("<p>Fine <b>print</b></p>", "<p>Fine <b>print</b></p>"),
            ("a<script>alert(1)</script>b", "ab"),
            ("<p onclick=\"x()\" style=\"color:red\" class=\"c\">a</p>", "<p>a</p>"),
            ("<img src=x onerror=alert(1)>a", "<img>a"),
            ("<a href=\"javascript:alert(1)\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
            ("<a href=\"/logout\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
            (
                "<a href=\"https://a.cn/?b&c\">a</a>",
                "<a href=\"https://a.cn/?b&amp;c\" rel=\"noopener noreferrer\">a</a>",
            ),
            ("<iframe src=\"https://a.cn\"></iframe>a", "a"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>a", "<img>a"),
            ("<!-- c -->a < b & c", "a &lt; b &amp; c"),
            ("<p>open", "<p>open</p>"),
            ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", ""),
            ("<p> <br></p>", ""),
            ("<p>&nbsp;</p>", ""),
        ] {
            let cleaned = clean(given);
            assert_eq!(cleaned, kept, "{given}");
            assert_eq!(clean(&cleaned), cleaned, "{given}");
        }
    }

    #[test]
    fn words_are_told_without_marks() {
        for (rich, words) in [
            ("<p>Fine <b>pri</b>nt</p><p>two</p>", "Fine print\ntwo"),
            ("a<br>b", "a\nb"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
            ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
            ("<a title=\"</p>\" href=\"https://a.cn\">天津</a>", "天津"),
        ] {
            assert_eq!(plain(rich), words, "{rich}");
        }
    }
}
