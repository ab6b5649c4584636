/** What two roles say differently, or a role and how it comes with the program. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { metadata } from "../../api/metadata";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Failed, Skeleton } from "../../ui/states";
import styles from "../admin.module.css";
import { COMPARE, type Comparison, type Role, type Value } from "./documents";
import { useLabels, useRoleLabel } from "./labels";

/** The role as it comes with the program, where it is chosen from a list. */
const STANDARD = "=";

export function Compare({ role, roles }: { role: Role; roles: Role[] }) {
  const a = useArea(rights);
  const labelOf = useRoleLabel();
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const others = roles.filter(({ code }) => code !== role.code);
  const chosen = search.with ?? (role.origin === "CHANGED" ? STANDARD : others[0]?.code);
  const other = others.find(({ code }) => code === chosen);
  const told = useQuery({
    queryKey: ["meta", "admin", "compare", role.code, chosen],
    queryFn: async () =>
      (await metadata<{ compareRoles: Comparison }>(COMPARE, { a: role.code, b: other?.code ?? null })).compareRoles,
    enabled: other !== undefined || chosen === STANDARD,
  });
  return (
    <>
      <div className={styles.side}>
        <label>
          {a.compareWith}
          <select
            value={chosen}
            onChange={(event) =>
              void navigate({
                to: ".",
                search: { role: role.code, part: "compare", with: event.target.value },
                replace: true,
              })
            }
          >
            {role.origin !== "OWN" && <option value={STANDARD}>{a.asItCame}</option>}
            {others.map((one) => (
              <option key={one.code} value={one.code}>
                {labelOf(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {told.isError && <Failed error={told.error} retry={() => void told.refetch()} />}
      {told.isPending && told.isFetching && <Skeleton rows={6} />}
      {told.data !== undefined && (
        <Differing found={told.data} a={labelOf(role)} b={other === undefined ? a.asItCame : labelOf(other)} />
      )}
    </>
  );
}

function Differing({ found, a: one, b: other }: { found: Comparison; a: string; b: string }) {
  const a = useArea(rights);
  const t = useTexts();
  const labels = useLabels();
  const masked = (right: string, mask: string | null) =>
    [a.fieldRights[right] ?? right, mask === null ? null : a.masks[mask]].filter(Boolean).join(", ");
  const reach = (level: string, ticked: Value[]) =>
    [a.dimensionLevels[level] ?? level, ...ticked.map(({ value, title }) => title ?? value)].join(", ");
  const said = (value: unknown) => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return a.nothing;
    if (typeof value === "boolean") return value ? t.yes : t.no;
    const all = Array.isArray(value) ? value : [value];
    return all.map((each) => a.mays[each] ?? a.lineNames[each] ?? String(each)).join(", ");
  };
  const named = (name: string) => {
    const cap = /^caps\.(.+)$/.exec(name)?.[1];
    const own: Record<string, string> = { lines: a.lines, may: a.may, customize: a.customize };
    return cap === undefined ? (own[name] ?? name) : `${a.caps} ${a.capNames[cap] ?? cap}`;
  };
  const rows = [
    ...found.grants.map((each) => ({
      what: `${labels.object(each.object)}: ${t.actions[each.action] ?? each.action}`,
      a: t.levels[each.a] ?? each.a,
      b: t.levels[each.b] ?? each.b,
    })),
    ...found.fields.map((each) => ({
      what: `${labels.object(each.object)}.${each.field}`,
      a: masked(each.a, each.maskA),
      b: masked(each.b, each.maskB),
    })),
    ...found.dimensions.map((each) => ({
      what: each.dimension,
      a: reach(each.a, each.tickedA),
      b: reach(each.b, each.tickedB),
    })),
    ...found.others.map((each) => ({ what: named(each.name), a: said(each.a), b: said(each.b) })),
  ];
  if (rows.length === 0) return <p>{a.same}</p>;
  return (
    <div className={styles.table} role="region" aria-label={a.parts.compare} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[a.setting, one, other].map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.what}>
              <th scope="row">{row.what}</th>
              <td>{row.a}</td>
              <td>{row.b}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
