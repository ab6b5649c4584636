/** A record as it was: the instant is in the address, and a bar says so. */

import { useState } from "react";
import { useShell } from "../../api/cache";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/record";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notices";
import ui from "../../ui/ui.module.css";
import { instantOf, localOf, showInstant } from "../../values/dates";

/** The instant of an address; null where it is none. */
export function instantIn(text: string | undefined): string | null {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return null;
  return Number.isNaN(Date.parse(text)) ? null : text;
}

interface BarProps {
  asOf: string;
  /** Shows another instant; null for now. */
  show: (asOf: string | null) => void;
}

export function PastBar({ asOf, show }: BarProps) {
  const a = useArea(texts);
  const lang = useLang();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const [asking, ask] = useState(false);
  return (
    <Notice tone="warn" role="status">
      <strong className={ui.noticeText}>{a.asItWas(showInstant(asOf, zone, lang, { seconds: true }))}</strong>
      <Button onPress={() => ask(true)}>{a.otherInstant}</Button>
      <Button kind="main" onPress={() => show(null)}>
        {a.backToNow}
      </Button>
      {asking && (
        <PastDialog
          from={asOf}
          close={() => ask(false)}
          show={(next) => {
            ask(false);
            show(next);
          }}
        />
      )}
    </Notice>
  );
}

/** Asks of which instant a record shall be shown, in the viewer's time zone. */
export function PastDialog({ from, close, show }: { from: string; close: () => void; show: (asOf: string) => void }) {
  const t = useTexts();
  const a = useArea(texts);
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const [typed, type] = useState(() => localOf(from, zone));
  return (
    <Dialog title={a.asItWasAsk} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== "") show(instantOf(typed, zone));
        }}
      >
        <label>
          <div>{a.instant}</div>
          <input
            autoFocus
            required
            type="datetime-local"
            value={typed}
            max={localOf(new Date().toISOString(), zone)}
            onChange={(event) => type(event.target.value)}
          />
        </label>
        <p className={ui.hint}>{a.asItWasHint}</p>
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button kind="main" type="submit">
            {a.showThen}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
