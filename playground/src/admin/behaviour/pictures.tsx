/** The flows and approvals of a text as pictures; while one types, those that could be read last. */

import { useRef } from "react";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import { useLang } from "../../texts";
import admin from "../admin.module.css";
import { ApprovalPicture } from "./approval-picture";
import { useObjectLabels } from "./holds";
import { FlowPicture } from "./picture";
import { type Behaviour, readBehaviour, type TextApproval, titleOf } from "./read";

const drawn = (approval: TextApproval, lang: "zh" | "en") => ({
  ...approval,
  label: titleOf(approval, lang),
  steps: approval.steps.map((step) => ({ ...step, label: titleOf(step, lang) })),
});

export function Pictures({ text }: { text: string }) {
  const a = useArea(behaviour);
  const lang = useLang();
  const labelOf = useObjectLabels();
  const last = useRef<Pick<Behaviour, "flows" | "approvals">>({ flows: [], approvals: [] });
  last.current = readBehaviour(text) ?? last.current;
  const { flows, approvals } = last.current;
  return (
    <>
      {flows.map((flow, place) => (
        <section key={place} className={admin.panel} aria-label={a.flowOf(labelOf(flow.object))}>
          <h2>{a.flowOf(labelOf(flow.object))}</h2>
          <FlowPicture flow={flow} />
        </section>
      ))}
      {approvals
        .map((approval) => drawn(approval, lang))
        .map((approval, place) => {
          const title = a.approvalOf(approval.label, labelOf(approval.object));
          return (
            <section key={place} className={admin.panel} aria-label={title}>
              <h2>{title}</h2>
              <ApprovalPicture approval={approval} />
            </section>
          );
        })}
    </>
  );
}
