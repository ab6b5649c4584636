/** The list of examples beside the editor. */

import { useEffect, useState } from "react";
import { useEditorContext } from "@graphiql/react";
import { type Example, examplesAt, variablesOf } from "./examples";
import type { Endpoint } from "./page";
import type { Lang } from "./session";
import { texts } from "./texts";

export function Examples({ endpoint, lang }: { endpoint: Endpoint; lang: Lang }) {
  const { addTab, queryEditor, responseEditor, variableEditor } = useEditorContext({ nonNull: true });
  const [chosen, setChosen] = useState<Example | null>(null);
  const t = texts(lang);

  useEffect(() => {
    for (const editor of [queryEditor, responseEditor]) editor?.setOption("lineWrapping", true);
  }, [queryEditor, responseEditor]);

  function open(example: Example) {
    const text = queryEditor?.getValue().trim() ?? "";
    const untouched = ["", texts("en").welcome.trim(), texts("zh").welcome.trim()].includes(text);
    if (!untouched) addTab();
    // A new tab fills its editors first.
    setTimeout(() => {
      queryEditor?.setValue(example.query);
      variableEditor?.setValue(variablesOf(example));
      queryEditor?.focus();
    });
    setChosen(example);
  }

  return (
    <aside className="tw-examples">
      <h2>{t.examples}</h2>
      <p>{t.examplesHint}</p>
      <ul>
        {examplesAt(endpoint).map((example) => (
          <li key={example.en}>
            <button aria-pressed={example === chosen} onClick={() => open(example)}>
              {example[lang]}
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}
