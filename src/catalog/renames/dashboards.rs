//! Renamed fields in the content of dashboards: what widgets ask for, their figures, and the paths of parameters.

use serde_json::Value as Json;

use super::Renames;

impl Renames<'_> {
    /// The content of a dashboard with new names, if it names something renamed.
    pub fn dashboard(&self, content: &Json) -> Option<Json> {
        let mut renamed = content.clone();
        for widget in renamed["widgets"].as_array_mut()? {
            let object = widget["object"].as_str().and_then(|name| self.object(name));
            let Some(object) = object else { continue };
            if let Some(question) = self.question(object, &widget["question"]) {
                widget["question"] = question;
            }
            let named = [("chart", "field"), ("parameters", "path")];
            for (part, key) in named {
                let list = match part {
                    "chart" => widget["chart"].get_mut("measures"),
                    part => widget.get_mut(part),
                };
                for item in list.and_then(Json::as_array_mut).into_iter().flatten() {
                    let path = item[key].as_str().and_then(|path| self.path(object, path));
                    if let Some(path) = path {
                        item[key] = Json::from(path);
                    }
                }
            }
        }
        (renamed != *content).then_some(renamed)
    }
}
