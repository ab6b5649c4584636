/** A button that opens a list of things to do. */

import type { ReactNode } from "react";
import { Menu as Aria, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Button } from "./button";
import styles from "./ui.module.css";

export interface Choice {
  key: string;
  label: string;
  detail?: string;
  selected?: boolean;
  /** It cannot be done now. */
  closed?: boolean;
  run: () => void;
}

interface Props {
  /** What the button shows. */
  children: ReactNode;
  /** What the button is called where it shows an icon. */
  label: string;
  icon?: boolean;
  kind?: "quiet" | "main";
  choices: Choice[];
}

export const Menu = ({ children, label, icon, kind, choices }: Props) => (
  <MenuTrigger>
    <Button kind={kind} icon={icon} aria-label={icon ? label : undefined}>
      {!icon && <span className={styles.hiddenVisually}>{label}: </span>}
      {children}
    </Button>
    <Popover className={styles.popover}>
      <Aria
        className={styles.menu}
        aria-label={label}
        items={choices.map((choice) => ({ id: choice.key, ...choice }))}
        onAction={(key) => choices.find((choice) => choice.key === key)?.run()}
      >
        {(choice) => (
          <MenuItem id={choice.key} textValue={choice.label} isDisabled={choice.closed} className={styles.item}>
            <span className={styles.itemText}>
              {choice.selected ? "✓ " : ""}
              {choice.label}
              {choice.detail !== undefined && <div className={styles.itemDetail}>{choice.detail}</div>}
            </span>
          </MenuItem>
        )}
      </Aria>
    </Popover>
  </MenuTrigger>
);
