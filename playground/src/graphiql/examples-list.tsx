/** The list of examples beside the editor. */

import { useEffect, useState } from "react";
import { useEditorContext } from "@graphiql/react";
import { type Example, examplesAt, variablesOf } from "./examples";
import type { Endpoint } from "./page";
import type { Lang } from "../signin/session";
import { texts } from "./texts";

interface Props {
  endpoint: Endpoint;
  lang: Lang;
  /** Whether the list is shown where it has no place of its own. */
  shown: boolean;
  onChosen: () => void;
}

export function Examples({ endpoint, lang, shown, onChosen }: Props) {
  const { activeTabIndex, addTab, queryEditor, responseEditor, tabs, variableEditor } = useEditorContext({
    nonNull: true,
  });
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
    onChosen();
  }

  // The tab bar does not scroll by itself to a tab that was added beyond its end, or that grew by its title.
  const title = tabs[activeTabIndex]?.title;
  useEffect(() => {
    document.querySelector(".graphiql-tab-active")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [activeTabIndex, title]);

  return (
    <aside className={shown ? "tw-examples tw-shown" : "tw-examples"} aria-label={t.examples}>
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
