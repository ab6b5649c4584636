/** How buttons look, for what is one and for links that look like one. Loads no library. */

import styles from "./ui.module.css";

export type ButtonKind = "main" | "quiet" | "danger";

export const buttonLook = (kind?: ButtonKind, icon?: boolean, given = "") =>
  [styles.button, kind && styles[kind], icon && styles.icon, given].filter(Boolean).join(" ");
