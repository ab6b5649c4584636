/** What happens to the records of an object: its flow and approvals as pictures, and the rules that name it. */

import { useEffect, useRef } from "react";
import { Link, useRouterState } from "@tanstack/react-router";
import { hasApprovals } from "../../api/approval-state";
import { useApprovalInfo } from "../../api/approvals";
import { useObjectPage, useShell } from "../../api/cache";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import admin from "../admin.module.css";
import { ApprovalPicture } from "./approval-picture";
import { useStoredTexts } from "./documents";
import { RuleLine, useObjectLabels } from "./holds";
import { FlowPicture } from "./picture";
import { fileOf, flowOfObject, readBehaviour, RESPONSIBLE, type StoredText, textOfApproval } from "./read";

export function BehaviourOf({ object, label }: { object: string; label: string }) {
  const a = useArea(behaviour);
  const labelOf = useObjectLabels();
  const owned = useShell().data?.objects.find(({ name }) => name === object)?.owned === true;
  const texts = useStoredTexts().data ?? [];
  const found = flowOfObject(texts, object);
  const rules = texts.flatMap((text) =>
    (readBehaviour(text.text)?.rules ?? [])
      .filter(({ objects }) => objects.includes(object) || (owned && objects.includes(RESPONSIBLE)))
      .map((rule) => ({ rule, text })),
  );
  const info = useObjectPage(object).data?.object;
  const approvals = useApprovalInfo(info != null && hasApprovals(info) ? object : null).data ?? [];
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const flow = useRef<HTMLElement>(null);
  const approval = useRef<HTMLElement>(null);
  const there = { flow: found !== null, approvals: approvals.length > 0 };
  useEffect(() => {
    if (hash === "flow" && there.flow) flow.current?.scrollIntoView();
    if (hash === "approvals" && there.approvals) approval.current?.scrollIntoView();
  }, [hash, there.flow, there.approvals]);
  const toText = (text: StoredText) => (
    <Link to="/admin/behaviour/$name" params={{ name: fileOf(text) }} aria-label={`${a.inText}: ${fileOf(text)}`}>
      {fileOf(text)}
    </Link>
  );
  return (
    <>
      {found !== null && (
        <section ref={flow} className={admin.panel} aria-label={a.statesAndMoves}>
          <div className={admin.head}>
            <h2>{a.statesAndMoves}</h2>
            {toText(found.text)}
          </div>
          <FlowPicture flow={found.flow} />
        </section>
      )}
      {approvals.map((one, place) => {
        const text = textOfApproval(texts, object, one.code);
        return (
          <section
            key={one.code}
            ref={place === 0 ? approval : undefined}
            className={admin.panel}
            aria-label={a.approvalOf(one.label, label)}
          >
            <div className={admin.head}>
              <h2>{a.approvalOf(one.label, labelOf(object))}</h2>
              {text !== undefined && toText(text)}
            </div>
            <ApprovalPicture approval={{ ...one, object }} />
          </section>
        );
      })}
      {rules.length > 0 && (
        <section className={admin.panel} aria-label={a.rulesOf(label)}>
          <h2>{a.rulesOf(labelOf(object))}</h2>
          <ul className={admin.rows}>
            {rules.map(({ rule, text }) => (
              <RuleLine key={rule.code} rule={rule}>
                {toText(text)}
              </RuleLine>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
