/** A record at the side of the page that it was found on; on a phone, a sheet over it. */

import { type KeyboardEvent, useRef, useState } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis, X } from "lucide-react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/peek";
import { Button } from "../../ui/button";
import { buttonLook } from "../../ui/button-look";
import { composing } from "../../ui/keys";
import { Menu } from "../../ui/menu";
import { Notice } from "../../ui/notices";
import { Failed, Skeleton } from "../../ui/states";
import ui from "../../ui/ui.module.css";
import { useNamedObject } from "../list/use-list";
import { RecordBody } from "./body";
import styles from "./peek.module.css";
import { Steps, useStep, useSwipe } from "./steps";
import { ActionButtons, useActions } from "./use-actions";
import { type OpenRecord, useRecord } from "./use-record";

interface Props {
  plural: string;
  id: string;
  go: (id: string) => void;
  close: () => void;
}

const TYPED = "input, textarea, select, [contenteditable=true]";

export default function Peek({ plural, id, go, close }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const navigate = useNavigate();
  const object = useNamedObject(plural);
  const found = useRecord(object, id);
  const step = useStep({ plural, id, go });
  const swipe = useSwipe(step);
  const [tab, setTab] = useState<string>();
  const whole = useRef<HTMLDivElement>(null);
  const title = found.state === "open" ? (found.open.record._title ?? found.open.object.label) : (object?.label ?? "");
  const pressed = (event: KeyboardEvent) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    const own = whole.current?.closest("[role=dialog]");
    // Dialogs over this one have their own keys.
    if (target.closest(TYPED) !== null || target.closest("[role=dialog]") !== own) return;
    const run: Record<string, () => void> = {
      "[": () => step(-1),
      "]": () => step(1),
      e: () => {
        if (found.state === "open" && found.open.record._can.edit)
          void navigate({ to: "/o/$plural/$id/edit", params: { plural, id } });
      },
    };
    if (run[event.key] === undefined) return;
    event.preventDefault();
    run[event.key]!();
  };
  return (
    <div onKeyDown={pressed}>
      <ModalOverlay isOpen isDismissable className={styles.overlay} onOpenChange={(open) => !open && close()}>
        <Modal className={styles.panel}>
          <Dialog className={styles.dialog}>
            <div className={styles.whole} ref={whole} {...swipe}>
              <div className={styles.head}>
                <div className={styles.titles}>
                  <div className={styles.object}>{object?.label}</div>
                  <Heading slot="title" level={2}>
                    {title}
                  </Heading>
                </div>
                <Steps plural={plural} id={id} go={go} />
                <Link to="/o/$plural/$id" params={{ plural, id }} className={buttonLook("main")}>
                  {a.openRecord}
                </Link>
                <Button icon kind="quiet" aria-label={a.close} onPress={close}>
                  <X size={16} aria-hidden="true" />
                </Button>
              </div>
              <div className={styles.body}>
                {found.state === "loading" && <Skeleton />}
                {found.state === "absent" && <p>{t.notThereHint}</p>}
                {found.state === "failed" && <Failed error={found.error} retry={found.retry} />}
                {found.state === "open" && (
                  <Opened key={id} open={found.open} title={title} tab={tab} setTab={setTab} />
                )}
              </div>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </div>
  );
}

interface OpenedProps {
  open: OpenRecord;
  title: string;
  tab: string | undefined;
  setTab: (tab: string) => void;
}

/** What can be done with it, and what its page shows. */
function Opened({ open, title, tab, setTab }: OpenedProps) {
  const t = useTexts();
  const [problem, setProblem] = useState<string | null>(null);
  const actions = useActions(open, title, setProblem);
  return (
    <>
      {actions.shown.length > 0 && (
        <div className={styles.actions}>
          <ActionButtons actions={actions} />
          {actions.more.length > 0 && (
            <Menu icon label={t.more} choices={actions.more}>
              <Ellipsis size={16} aria-hidden="true" />
            </Menu>
          )}
        </div>
      )}
      {problem !== null && (
        <Notice tone="bad" role="alert">
          <div className={ui.noticeText}>{problem}</div>
        </Notice>
      )}
      {actions.notice}
      <RecordBody open={open} title={title} tab={tab} setTab={setTab} />
      {actions.dialog}
    </>
  );
}
