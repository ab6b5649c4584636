/** A role: what it opens by object, field and dimension, tried on everyone before it is saved. */

import { useEffect, useRef, useState } from "react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { client, useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as rights from "../texts/rights";
import { Button } from "../ui/button";
import { LeaveDialog } from "../ui/leave-dialog";
import { Notice, NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { tell } from "../ui/toasts";
import ui from "../ui/ui.module.css";
import styles from "./admin.module.css";
import { type Difference, SET_RIGHTS } from "./documents";
import { Compare } from "./roles/compare";
import { Tried } from "./roles/differences";
import { Dimensions } from "./roles/dimensions";
import type { Role } from "./roles/documents";
import { Fields } from "./roles/fields";
import { useLabels, useRoleLabel, useRoles } from "./roles/labels";
import { Matrix } from "./roles/matrix";
import { changesOf, countOf, NOTHING, type Pending } from "./roles/pending";
import { RoleMenu } from "./roles/role-menu";
import { Settings } from "./roles/settings";
import { Switches } from "./roles/switches";
import { RoleText } from "./roles/text";

const PARTS = ["matrix", "fields", "dimensions", "settings", "text", "compare", "switches"] as const;

interface Payload {
  setRights: {
    version: number;
    roles: { code: string; version: number; warnings: string[] }[];
    differences: Difference[];
  };
}

export function RolesPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("RIGHTS") ? <Roles /> : <NotThere />;
}

function Roles() {
  const t = useTexts();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const roles = useRoles();
  useEffect(() => {
    document.title = `${t.roles} · Tradewind`;
  }, [t]);
  if (roles.isError && roles.data === undefined)
    return <Failed error={roles.error} retry={() => void roles.refetch()} />;
  if (roles.data === undefined) return <Skeleton rows={10} />;
  const role = roles.data.find(({ code }) => code === search.role) ?? roles.data[0];
  return role === undefined ? <NotThere /> : <OneRole key={role.code} role={role} roles={roles.data} />;
}

function OneRole({ role, roles }: { role: Role; roles: Role[] }) {
  const t = useTexts();
  const a = useArea(rights);
  const labelOf = useRoleLabel();
  const navigate = useNavigate();
  const part = useRouterState({ select: ({ location }) => (location.search as Record<string, string>).part });
  const [pending, change] = useState<Pending>(NOTHING);
  const [typed, type] = useState<string | null>(null);
  const over = useRef(role.version);
  /** What was tried and is saved as it was tried, or not at all. */
  const [tried, setTried] = useState<{ found: Difference[]; changes: unknown[] } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const count = countOf(pending);
  const unsaved = count > 0 || typed !== null;
  const go = (search: Record<string, string>) => void navigate({ to: ".", search, replace: true });
  const refresh = () => client.invalidateQueries({ queryKey: ["meta"] });
  const attempt = async () => {
    setBusy(true);
    setError(null);
    try {
      const changes = changesOf(role, pending);
      const { setRights } = await metadata<Payload>(SET_RIGHTS, { changes, dryRun: true });
      setTried({ found: setRights.differences, changes });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const save = async () => {
    await metadata<Payload>(SET_RIGHTS, { changes: tried?.changes, dryRun: false });
    setTried(null);
    change(NOTHING);
    tell(t.savedNamed(labelOf(role)));
    await refresh();
  };
  const given = { role, pending, change };
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{t.roles}</h1>
        <select
          aria-label={t.role}
          className={styles.chooser}
          value={role.code}
          onChange={(event) => go({ role: event.target.value, ...(part === undefined ? {} : { part }) })}
        >
          {roles.map((one) => (
            <option key={one.code} value={one.code}>
              {labelOf(one)}
            </option>
          ))}
        </select>
        <Button isDisabled={count === 0} onPress={() => change(NOTHING)}>
          {t.discard}
        </Button>
        <Button kind="main" isDisabled={count === 0 || busy} onPress={() => void attempt()}>
          {t.tryRights(count)}
        </Button>
        <RoleMenu role={role} compare={() => go({ role: role.code, part: "compare" })} />
      </div>
      <p className={styles.muted}>
        {t.heldBy} {role.heldBy.length === 0 ? t.nobody : role.heldBy.join(", ")}
      </p>
      {error !== null && <Failed error={error} />}
      {role.warnings.length > 0 && (
        <Notice tone="warn">
          <div>
            {role.warnings.slice(0, 5).map((text) => (
              <div key={text}>{text}</div>
            ))}
          </div>
        </Notice>
      )}
      <Tabs
        selectedKey={PARTS.find((one) => one === part) ?? "matrix"}
        onSelectionChange={(next) => go({ role: role.code, ...(next === "matrix" ? {} : { part: String(next) }) })}
      >
        <TabList className={ui.tabs} aria-label={labelOf(role)}>
          {PARTS.map((one) => (
            <Tab key={one} id={one} className={ui.tab}>
              {a.parts[one]}
            </Tab>
          ))}
        </TabList>
        {PARTS.map((one) => (
          <TabPanel key={one} id={one} className={`${ui.panel} ${styles.panelBody}`}>
            {one === "matrix" && <Matrix {...given} />}
            {one === "fields" && <Fields {...given} />}
            {one === "dimensions" && <Dimensions {...given} />}
            {one === "settings" && <Settings {...given} />}
            {one === "text" && <RoleText role={role} typed={typed} type={type} over={over} saved={refresh} />}
            {one === "compare" && <Compare role={role} roles={roles} />}
            {one === "switches" && <Switches />}
          </TabPanel>
        ))}
      </Tabs>
      {tried !== null && (
        <Tried found={tried.found} close={() => setTried(null)} save={save}>
          <Changed role={role} pending={pending} />
        </Tried>
      )}
      <LeaveDialog
        dirty={unsaved}
        title={t.leaveAsk}
        // Another part of the same role keeps what is changed.
        keeps={({ current, next }) =>
          current.pathname === next.pathname && (roleOf(next.search) ?? role.code) === role.code
        }
      />
    </div>
  );
}

const roleOf = (search: unknown) => (search as Record<string, string>).role;

/** Records are counted by the server; that fields and limits change is said in words, and for whom. */
function Changed({ role, pending }: { role: Role; pending: Pending }) {
  const a = useArea(rights);
  const labels = useLabels();
  const fields = [...pending.fields].map(([key, { right, mask }]) => {
    const [object, field] = key.split(" ") as [string, string];
    const said = [a.fieldRights[right], mask === null ? null : a.masks[mask]].filter(Boolean).join(", ");
    return `${labels.object(object)}.${field}: ${said}`;
  });
  const dimensions = [...pending.dimensions].map(
    ([name, { level, values }]) =>
      `${name}: ${a.dimensionLevels[level]}${values.length === 0 ? "" : `, ${a.ticked(values.length)}`}`,
  );
  const others = [
    ...(pending.may === null
      ? []
      : [`${a.may}: ${pending.may.map((one) => a.mays[one] ?? one).join(", ") || a.nothing}`]),
    ...(pending.lines === null
      ? []
      : [`${a.lines}: ${pending.lines.map((one) => a.lineNames[one] ?? one).join(", ") || a.nothing}`]),
    ...Object.entries(pending.caps).map(([cap, value]) => `${a.caps} ${a.capNames[cap]}: ${value ?? a.nothing}`),
  ];
  const all = [...fields, ...dimensions, ...others];
  if (all.length === 0) return null;
  return (
    <section className={styles.list} aria-label={a.changesTitle}>
      <h3>{a.changesTitle}</h3>
      <ul>
        {all.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p className={styles.muted}>{role.heldBy.length === 0 ? a.holdersNone : a.holders(role.heldBy.join(", "))}</p>
    </section>
  );
}
