//! Writes a layout as the text that people read and change: one item a line.
//!
//! What is written is read back as the same layout. Must not know whether its names exist.

use toml::Spanned;

use super::text::{ColumnText, ItemParts, ItemText, LayoutText};

/// The text of a layout.
pub fn write_layout(layout: &LayoutText) -> String {
    let mut out = Writer::default();
    out.value("object", Some(layout.object.get_ref()));
    out.value("kind", Some(&layout.kind.as_ref().to_lowercase()));
    out.value("role", layout.role.as_ref().map(Spanned::get_ref));
    out.value("state", layout.state.as_ref().map(Spanned::get_ref));
    out.value("state_field", layout.state_field.as_ref().map(Spanned::get_ref));
    out.value("start_field", layout.start_field.as_ref().map(Spanned::get_ref));
    out.value("end_field", layout.end_field.as_ref().map(Spanned::get_ref));
    out.names("header", &layout.header);
    out.list("columns", layout.columns.iter().map(|known| column(known.get_ref())));
    out.names("quick_filters", &layout.quick_filters);
    out.names("order_by", &layout.order_by);
    for tab in &layout.tabs {
        out.line("\n[[tabs]]");
        out.value("label", tab.label.as_ref());
        out.value("label_en", tab.label_en.as_ref());
        for section in &tab.sections {
            out.line("\n[[tabs.sections]]");
            out.value("label", section.label.as_ref());
            out.value("label_en", section.label_en.as_ref());
            if let Some(columns) = section.columns {
                out.line(&format!("columns = {columns}"));
            }
            if section.collapsed {
                out.line("collapsed = true");
            }
            out.list("items", section.items.iter().map(|known| item(known.get_ref())));
        }
    }
    out.0
}

/// A text in the making.
#[derive(Default)]
pub(super) struct Writer(pub(super) String);

impl Writer {
    pub(super) fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    pub(super) fn value(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.line(&format!("{key} = {}", quoted(value)));
        }
    }

    /// A short list on one line.
    fn names(&mut self, key: &str, names: &[Spanned<String>]) {
        if !names.is_empty() {
            let names: Vec<_> = names.iter().map(|name| quoted(name.get_ref())).collect();
            self.line(&format!("{key} = [{}]", names.join(", ")));
        }
    }

    /// A list with a line for each member.
    pub(super) fn list(&mut self, key: &str, members: impl Iterator<Item = String>) {
        let members: Vec<_> = members.collect();
        if !members.is_empty() {
            let lines: String = members.iter().map(|member| format!("  {member},\n")).collect();
            self.line(&format!("{key} = [\n{lines}]"));
        }
    }
}

fn column(column: &ColumnText) -> String {
    match column.width {
        None => quoted(&column.field),
        Some(width) => format!("{{ field = {}, width = {width} }}", quoted(&column.field)),
    }
}

fn item(item: &ItemText) -> String {
    let parts = &item.0;
    let alone = ItemText::field(parts.field.as_deref().unwrap_or_default());
    if parts.field.is_some() && alone == *item {
        return quoted(parts.field.as_deref().unwrap_or_default());
    }
    format!("{{ {} }}", pairs(parts).join(", "))
}

fn pairs(parts: &ItemParts) -> Vec<String> {
    let text = |key: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{key} = {}", quoted(value)))
    };
    let columns: Vec<_> = parts.columns.iter().map(column).collect();
    let pairs = [
        text("field", &parts.field),
        text("lines", &parts.lines),
        text("related", &parts.related),
        parts.timeline.then(|| "timeline = true".to_owned()),
        text("text", &parts.text),
        text("text_en", &parts.text_en),
        text("label", &parts.label),
        text("label_en", &parts.label_en),
        parts.width.map(|width| format!("width = {width}")),
        parts.read_only.then(|| "read_only = true".to_owned()),
        (!columns.is_empty()).then(|| format!("columns = [{}]", columns.join(", "))),
        parts.first.map(|first| format!("first = {first}")),
        text("visible", &parts.visible),
    ];
    pairs.into_iter().flatten().collect()
}

/// A TOML text in double quotes; without them where single quotes keep it readable, as with expressions.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '\'';
    if text.contains(['"', '\\']) && text.chars().all(plain) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&escaped(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn escaped(c: char) -> String {
    format!("\\u{:04X}", u32::from(c))
}
