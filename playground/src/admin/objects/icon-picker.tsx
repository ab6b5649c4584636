/** Chooses the picture of an object, by what it shows or by its name. */

import { type ReactNode, useState } from "react";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as objects from "../../texts/objects";
import { PICTURES } from "../../ui/pictures";
import ui from "../../ui/ui.module.css";
import { matches } from "../../values/text";
import styles from "./objects.module.css";

interface Props {
  value: string;
  color: string;
  change: (icon: string) => void;
}

export function IconPicker({ value, color, change }: Props) {
  const t = useTexts();
  const a = useArea(objects);
  const zh = useLang() === "zh";
  const [text, type] = useState("");
  const known = value === "" || PICTURES.some(({ name }) => name === value);
  const shown = PICTURES.filter(({ name, zh: chinese, en }) => name === value || matches([name, chinese, en], text));
  const choice = (name: string, label: string, drawn: ReactNode) => (
    <label key={name} title={label} className={styles.picture}>
      <input
        type="radio"
        name="icon"
        className={ui.hiddenVisually}
        checked={value === name}
        onChange={() => change(name)}
      />
      <span className={ui.hiddenVisually}>{label}</span>
      {drawn}
    </label>
  );
  return (
    <fieldset className={styles.pictures}>
      <legend>{a.icon}</legend>
      <input
        type="search"
        aria-label={a.findIcon}
        placeholder={a.findIcon}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.preventDefault();
        }}
      />
      <div className={styles.pictureRoom} style={/^#[0-9a-f]{6}$/i.test(color) ? { color } : undefined}>
        {choice("", t.none, <span aria-hidden="true">–</span>)}
        {!known && choice(value, value, <span aria-hidden="true">?</span>)}
        {shown.map(({ name, icon: Icon, zh: chinese, en }) =>
          choice(name, zh ? chinese : en, <Icon size={18} aria-hidden="true" />),
        )}
      </div>
    </fieldset>
  );
}
