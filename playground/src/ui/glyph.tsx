/** The sign of an object: the first character of its label, in its colour if its definition has one. */

import styles from "./ui.module.css";
import { initial } from "../values/text";

/** Decoration only; the label stands beside it. */
export const Glyph = ({ label }: { label: string }) => (
  <span className={styles.glyph} aria-hidden="true">
    {initial(label)}
  </span>
);
