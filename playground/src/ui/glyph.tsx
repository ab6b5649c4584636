/** The sign of an object: its picture in its colour if its definition has one, else the first character of its label. */

import { lazy, Suspense } from "react";
import { initial } from "../values/text";
import styles from "./ui.module.css";

const PictureOf = lazy(async () => ({ default: (await import("./pictures")).PictureOf }));

interface Props {
  label: string;
  icon?: string | null;
  color?: string | null;
}

/** Decoration only; the label stands beside it. */
export function Glyph({ label, icon, color }: Props) {
  const letter = initial(label);
  return (
    <span className={styles.glyph} aria-hidden="true" style={color == null ? undefined : { color }}>
      {icon == null ? (
        letter
      ) : (
        <Suspense fallback={letter}>
          <PictureOf name={icon} size={14} otherwise={letter} />
        </Suspense>
      )}
    </span>
  );
}
