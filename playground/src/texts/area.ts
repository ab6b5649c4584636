/**
 * The texts of one part of the console, loaded with its pages: `en.ts` and `zh.ts` hold only what every page says.
 * A file of an area exports `en` and `zh`, and its pages say `const a = useArea(area)`.
 */

import { useLang } from "./index";

export const useArea = <T>({ en, zh }: { en: T; zh: NoInfer<T> }): T => (useLang() === "zh" ? zh : en);
