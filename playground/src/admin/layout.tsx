/** One layout: which one the address names, and what it begins with. */

import { useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { useObjectPage, useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import * as layouts from "../texts/layouts";
import { useArea } from "../texts/area";
import { useLang, useTexts } from "../texts";
import { NotThere } from "../ui/notices";
import { Empty, Failed, Skeleton } from "../ui/states";
import admin from "./admin.module.css";
import { KINDS, type LayoutKind } from "./layouts/design";
import { Designer } from "./layouts/designer";
import { beginning, DESIGN, type DesignAnswer, ROLE_CODES, type RoleCodes } from "./layouts/documents";
import { SharedViews } from "./layouts/shared-views";
import styles from "./layouts/layouts.module.css";

export function LayoutPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Opened name={name} /> : <NotThere />;
}

function Opened({ name }: { name: string }) {
  const t = useTexts();
  const a = useArea(layouts);
  const zh = useLang() === "zh";
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const kind = (KINDS as readonly string[]).includes(search.kind ?? "") ? (search.kind as LayoutKind) : "DETAIL";
  const role = search.role ?? null;
  const state = search.state ?? null;
  const may = useShell().data?.viewer.may ?? [];
  const page = useObjectPage(name);
  const told = useQuery({
    queryKey: ["meta", "admin", "layout", name, kind, state],
    queryFn: () => metadata<DesignAnswer>(DESIGN, { object: name, kind, state }),
    staleTime: Infinity,
  });
  const roles = useQuery({
    queryKey: ["meta", "admin", "role-codes"],
    queryFn: () => metadata<RoleCodes>(ROLE_CODES),
    // Roles are read by those who give rights; who only defines objects chooses among those that layouts name.
    enabled: may.includes("RIGHTS"),
    staleTime: Infinity,
  });
  const object = page.data?.object;
  useEffect(() => {
    document.title = `${a.title}: ${object?.label ?? name} · Tradewind`;
  }, [a, object, name]);
  if (page.isError && page.data === undefined) return <Failed error={page.error} retry={() => void page.refetch()} />;
  if (told.isError && told.data === undefined) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (page.data === undefined || told.data === undefined) return <Skeleton />;
  if (object == null) return <NotThere />;

  const begins = beginning(told.data, kind, { role, state });
  const named = [...new Set(told.data.layouts.flatMap((one) => one.role ?? []))].map((code) => ({
    code,
    label: code,
    labelEn: code,
  }));
  const choices = roles.data?.roles ?? named;
  const states = object.fields.find((field) => field.name === object.stateField)?.options ?? [];
  const go = (more: Record<string, string>) =>
    void navigate({
      to: "/admin/layouts/$name",
      params: { name },
      search: Object.fromEntries(
        Object.entries({ kind, role: role ?? "", state: state ?? "", ...more }).filter(([, value]) => value !== ""),
      ),
    });
  const roleLabel = (code: string) => {
    const found = choices.find((one) => one.code === code);
    return found === undefined ? code : zh ? found.label : found.labelEn || found.label;
  };
  const stateLabel = (value: string) => states.find((one) => one.name === value)?.label ?? value;
  const whose = (one: { role: string | null; state: string | null }) =>
    [one.role === null ? a.everyone : roleLabel(one.role), ...(one.state === null ? [] : [stateLabel(one.state)])].join(
      ", ",
    );

  return (
    <div className={`${admin.page} ${styles.wide}`}>
      <div className={admin.head}>
        <h1>
          <Link to="/admin/layouts">{a.title}</Link> / {object.label}
        </h1>
        <Link to="/admin/objects/$name" params={{ name }}>
          {t.fields}
        </Link>
      </div>
      <nav className={styles.kinds} aria-label={a.kind}>
        {KINDS.map((one) => (
          <Link
            key={one}
            to="/admin/layouts/$name"
            params={{ name }}
            search={{ kind: one }}
            activeOptions={{ includeSearch: true }}
            aria-current={one === kind ? "page" : undefined}
          >
            {a.kinds[one]}
          </Link>
        ))}
      </nav>
      <div className={styles.bar}>
        <label>
          {a.role}
          <select value={role ?? ""} onChange={(event) => go({ role: event.target.value })}>
            <option value="">{a.everyone}</option>
            {choices.map(({ code }) => (
              <option key={code} value={code}>
                {roleLabel(code)}
              </option>
            ))}
            {role !== null && !choices.some(({ code }) => code === role) && <option>{role}</option>}
          </select>
        </label>
        {states.length > 0 && (
          <label>
            {a.state}
            <select value={state ?? ""} onChange={(event) => go({ state: event.target.value })}>
              <option value="">{a.anyState}</option>
              {states.map(({ name: value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {begins.definition === null ? (
        <Empty text={a.noneOfKind} />
      ) : (
        <Designer
          key={`${name} ${kind} ${role} ${state}`}
          object={object}
          groups={told.data.object?.groups ?? []}
          kind={kind}
          role={role}
          state={state}
          own={begins.own}
          definition={begins.definition}
          borrowed={begins.other !== null && (role !== null || state !== null) ? whose(begins.other) : null}
          record={search.id ?? null}
          refresh={async () => {
            const { data } = await told.refetch();
            return data === undefined ? null : beginning(data, kind, { role, state });
          }}
        />
      )}
      {kind === "LIST" && may.includes("SHARE_VIEWS") && (
        <SharedViews object={object} roles={choices} roleLabel={roleLabel} />
      )}
    </div>
  );
}
