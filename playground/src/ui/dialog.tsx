/** Dialogs: over the page, with a heading, closed by Escape. */

import type { ReactNode } from "react";
import { Dialog as Aria, Heading, Modal, ModalOverlay } from "react-aria-components";
import styles from "./ui.module.css";

interface Props {
  title: string;
  /** Called when the dialog closes; without it, it cannot be dismissed. */
  onClose?: () => void;
  role?: "dialog" | "alertdialog";
  wide?: boolean;
  children: ReactNode;
}

export const Dialog = ({ title, onClose, role = "dialog", wide, children }: Props) => (
  <ModalOverlay
    isOpen
    isDismissable={onClose !== undefined && role === "dialog"}
    isKeyboardDismissDisabled={onClose === undefined}
    onOpenChange={(open) => {
      if (!open) onClose?.();
    }}
    className={styles.overlay}
  >
    <Modal className={`${styles.modal} ${wide ? styles.wide : ""}`}>
      <Aria role={role} className={styles.dialog}>
        <Heading slot="title" level={2}>
          {title}
        </Heading>
        {children}
      </Aria>
    </Modal>
  </ModalOverlay>
);

export const Actions = ({ children }: { children: ReactNode }) => <div className={styles.actions}>{children}</div>;
