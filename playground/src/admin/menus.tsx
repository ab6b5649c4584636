/** Menus: of which system, and what it begins with. */

import { useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import * as menus from "../texts/menus";
import { useArea } from "../texts/area";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import admin from "./admin.module.css";
import { MenuDesigner } from "./menus/designer";
import { MENUS, type MenusAnswer } from "./menus/documents";

export function MenusPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Systems /> : <NotThere />;
}

function Systems() {
  const a = useArea(menus);
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const told = useQuery({
    queryKey: ["meta", "admin", "menus"],
    queryFn: () => metadata<MenusAnswer>(MENUS),
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = `${a.title} · Tradewind`;
  }, [a]);
  if (told.isError && told.data === undefined) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined) return <Skeleton />;
  const systems = told.data.menus;
  const shown = systems.find(({ system }) => system === search.system) ?? systems[0];
  if (shown === undefined) return <NotThere />;
  return (
    <div className={admin.page}>
      <div className={admin.head}>
        <h1>{a.title}</h1>
        <select
          className={admin.chooser}
          aria-label={a.system}
          value={shown.system}
          onChange={(event) => void navigate({ to: "/admin/menus", search: { system: event.target.value } })}
        >
          {systems.map(({ system, label }) => (
            <option key={system} value={system}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <p className={admin.muted}>{a.intro}</p>
      <MenuDesigner
        key={shown.system}
        menu={shown}
        objects={told.data.objects}
        refresh={async () => {
          const { data } = await told.refetch();
          return data?.menus.find(({ system }) => system === shown.system) ?? null;
        }}
      />
    </div>
  );
}
