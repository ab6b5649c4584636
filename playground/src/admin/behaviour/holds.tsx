/** What a text holds, as cells of a table: its flows, rules, actions and fills, and approvals, each with its objects. */

import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { useShell } from "../../api/cache";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import { useLang } from "../../texts";
import admin from "../admin.module.css";
import styles from "./behaviour.module.css";
import { readBehaviour, RESPONSIBLE, type TextRule, titleOf } from "./read";

export function useObjectLabels() {
  const a = useArea(behaviour);
  const objects = useShell().data?.objects ?? [];
  return (name: string) =>
    name === RESPONSIBLE ? a.responsible : (objects.find((one) => one.name === name)?.label ?? name);
}

export function RuleLine({ rule, children }: { rule: TextRule; children?: ReactNode }) {
  const lang = useLang();
  const labelOf = useObjectLabels();
  return (
    <li>
      <span>
        {titleOf(rule, lang) !== rule.code && titleOf(rule, lang)} <code>{rule.code}</code>
        <span className={`${admin.muted} ${styles.objects}`}>{rule.objects.map(labelOf).join(", ")}</span>
      </span>
      {children}
    </li>
  );
}

export function Holds({ text }: { text: string }) {
  const a = useArea(behaviour);
  const lang = useLang();
  const labelOf = useObjectLabels();
  const held = readBehaviour(text);
  if (held === null) return <td colSpan={4}>{a.unreadable}</td>;
  const none = <span className={admin.muted}>{a.none}</span>;
  return (
    <>
      <td>
        {held.flows.length === 0 && none}
        <ul className={styles.held}>
          {held.flows.map(({ object }, place) => (
            <li key={place}>
              <Link to="/admin/objects/$name" params={{ name: object }} hash="flow">
                {labelOf(object)}
              </Link>
            </li>
          ))}
        </ul>
      </td>
      <td>
        {held.approvals.length === 0 && none}
        <ul className={styles.held}>
          {held.approvals.map((approval, place) => (
            <li key={place}>
              <Link to="/admin/objects/$name" params={{ name: approval.object }} hash="approvals">
                {titleOf(approval, lang)}
              </Link>
              <span className={`${admin.muted} ${styles.objects}`}>{labelOf(approval.object)}</span>
            </li>
          ))}
        </ul>
      </td>
      {[held.rules, held.others].map((listed, cell) => (
        <td key={cell}>
          {listed.length === 0 && none}
          <ul className={styles.held}>
            {listed.map((rule, place) => (
              <RuleLine key={place} rule={rule} />
            ))}
          </ul>
        </td>
      ))}
    </>
  );
}
