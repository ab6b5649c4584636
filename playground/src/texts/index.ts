/** The console's texts in the language of whoever looks at it. */

import { useSyncExternalStore } from "react";
import { currentLang, type Lang, subscribe } from "../signin/session";
import { en, type Texts } from "./en";
import { zh } from "./zh";

export type { Texts };

export const textsOf = (lang: Lang): Texts => (lang === "zh" ? zh : en);

export const useLang = (): Lang => useSyncExternalStore(subscribe, currentLang);

export const useTexts = (): Texts => textsOf(useLang());
