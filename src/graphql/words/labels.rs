//! Labels and descriptions of definitions in one language.

use crate::{
    base::Lang,
    catalog::{Catalog, Field, FieldType, Label, Object, in_words},
};

/// Returns a label in the language, otherwise in the other language, otherwise the API name as words.
pub(in crate::graphql) fn title(label: &Label, name: &str, lang: Lang) -> String {
    label.text(lang).map_or_else(|| in_words(name), str::to_owned)
}

/// Returns what several records of an object are called. Chinese has no plural; in English it is `Sample loans`.
pub(in crate::graphql) fn plural(object: &Object, lang: Lang) -> String {
    match (lang, &object.plural_label, &object.plural) {
        (Lang::En, Some(label), _) => label.clone(),
        (Lang::En, None, Some(plural)) => in_words(plural),
        _ => title(&object.label, &object.name, lang),
    }
}

/// Returns the description of a definition besides its label, if it is in this language. `中文: English`
/// contains both.
pub(in crate::graphql) fn remark(text: Option<&str>, label: &Label, lang: Lang) -> Option<String> {
    let text = text?.trim();
    let both = text.split_once(": ").filter(|(zh, en)| chinese(zh) && !chinese(en));
    let said = match (lang, both) {
        (Lang::Zh, Some((zh, _))) => zh,
        (Lang::En, Some((_, en))) => en,
        (lang, None) if chinese(text) == (lang == Lang::Zh) => text,
        _ => return None,
    };
    let known = match lang {
        Lang::Zh => label.zh.as_deref(),
        Lang::En => label.en.as_deref(),
    };
    let repeats = known.is_some_and(|known| known.contains(said.trim_end_matches(['.', '。'])));
    (!said.is_empty() && !repeats).then(|| said.to_owned())
}

/// Combines a label and a description.
pub(super) fn described(
    label: &Label,
    description: Option<&str>,
    name: &str,
    lang: Lang,
) -> String {
    let title = title(label, name, lang);
    match (remark(description, label, lang), lang) {
        (Some(remark), Lang::En) => sentence(&format!("{title}: {remark}"), lang),
        (Some(remark), Lang::Zh) => sentence(&format!("{title}：{remark}"), lang),
        (None, _) => title,
    }
}

/// Returns the title of an object's field.
pub(in crate::graphql) fn field_title(
    catalog: &Catalog,
    object: &Object,
    field: &Field,
    lang: Lang,
) -> String {
    // The inverse side of a relation has at most a Chinese label.
    let label = field.label.text(lang).filter(|_| !matches!(field.ty, FieldType::Inverse(_)));
    if label.is_none() && object.group_of(field).is_some() {
        return field.title().text(lang).to_owned();
    }
    label.map_or_else(|| catalog.title(object, field).text(lang).to_owned(), str::to_owned)
}

/// Ends a text as a sentence.
pub(super) fn sentence(text: &str, lang: Lang) -> String {
    let ended = text.ends_with(['.', '!', '?', '。', '！', '？']);
    match lang {
        _ if ended => text.to_owned(),
        Lang::En => format!("{text}."),
        Lang::Zh => format!("{text}。"),
    }
}

fn chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{3400}'..='\u{9fff}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{resolve, standard_sources};

    #[test]
    fn remarks_are_of_one_language_and_repeat_no_label() {
        let label =
            Label { zh: Some("销售阶段".to_owned()), en: Some("Sales stage".to_owned()) };
        let said = |text: &str, lang| remark(Some(text), &label, lang);
        assert_eq!(said("销售阶段: one step.", Lang::En).as_deref(), Some("one step."));
        assert_eq!(said("销售阶段: one step.", Lang::Zh), None);
        assert_eq!(said("阶段", Lang::Zh), None);
        assert_eq!(said("从发现到成交", Lang::Zh).as_deref(), Some("从发现到成交"));
        assert_eq!(said("从发现到成交", Lang::En), None);
    }

    /// What a person does not know from the label alone is said of each standard object and field, to each in their language.
    #[test]
    fn standard_objects_help_in_both_languages() {
        let catalog = resolve(&standard_sources(), 1).unwrap();
        let mut silent = Vec::new();
        let mut ask = |place: String, text: Option<&str>, label: &Label| {
            for lang in [Lang::Zh, Lang::En] {
                if remark(text, label, lang).is_none() {
                    silent.push(format!("{place} {lang:?}: {}", text.unwrap_or_default()));
                }
            }
        };
        for object in catalog.objects.iter().chain(&catalog.items) {
            // Lines of related employees are made of `@responsible`.
            if object.staff.source.is_some() {
                continue;
            }
            ask(object.name.clone(), object.description.as_deref(), &object.label);
            let declared = object.each_field().filter(|(_, field)| {
                let listed = matches!(field.ty, FieldType::Inverse(_));
                !field.system && !listed && Some(field.name.as_str()) != RELATED
            });
            for (_, field) in declared {
                let place = format!("{}.{}", object.name, field.name);
                ask(place, field.description.as_deref(), &field.label);
            }
        }
        assert!(silent.is_empty(), "{}:\n{}", silent.len(), silent.join("\n"));
    }

    /// The lines that `@responsible` makes.
    const RELATED: Option<&str> = Some("relatedEmployees");
}
