/** Where administration begins: what this person may do there. */

import { useEffect } from "react";
import { Link } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import * as audit from "../texts/audit";
import * as behaviour from "../texts/behaviour";
import * as layouts from "../texts/layouts";
import * as menus from "../texts/menus";
import { useArea } from "../texts/area";
import { type Texts, useTexts } from "../texts";
import { NotThere } from "../ui/notices";
import { SetUp } from "./setup";
import styles from "./admin.module.css";

/** The pages of administration, and what opens each. */
const SECTIONS = [
  { path: "/admin/objects", may: "DEFINE", title: (t: Texts) => t.objects, hint: (t: Texts) => t.objectsHint },
  { path: "/admin/roles", may: "RIGHTS", title: (t: Texts) => t.roles, hint: (t: Texts) => t.rolesHint },
  { path: "/admin/people", may: "PEOPLE", title: (t: Texts) => t.people, hint: (t: Texts) => t.peopleHint },
  { path: "/admin/versions", may: "DEFINE", title: (t: Texts) => t.versions, hint: (t: Texts) => t.versionsHint },
  { path: "/admin/access", may: "RIGHTS", title: (t: Texts) => t.access, hint: (t: Texts) => t.accessHint },
];

export function AdminPage() {
  const t = useTexts();
  const may = useShell().data?.viewer.may ?? [];
  useEffect(() => {
    document.title = `${t.administration} · Tradewind`;
  }, [t]);
  const l = useArea(layouts);
  const a = useArea(audit);
  const m = useArea(menus);
  const b = useArea(behaviour);
  const sections = [
    ...SECTIONS,
    { path: "/admin/audit", may: "AUDIT", title: () => a.title, hint: () => a.hint },
    { path: "/admin/layouts", may: "DEFINE", title: () => l.title, hint: () => l.hint },
    { path: "/admin/behaviour", may: "DEFINE", title: () => b.title, hint: () => b.hint },
    { path: "/admin/menus", may: "DEFINE", title: () => m.title, hint: () => m.hint },
  ];
  const open = sections.filter((section) => may.includes(section.may));
  if (open.length === 0) return <NotThere />;
  return (
    <div className={styles.page}>
      <h1>{t.administration}</h1>
      <SetUp may={may} />
      <div className={styles.cards}>
        {open.map(({ path, title, hint }) => (
          <Link key={path} to={path} className={styles.card}>
            <strong>{title(t)}</strong>
            <span className={styles.muted}>{hint(t)}</span>
          </Link>
        ))}
      </div>
    </div>
  );
}
