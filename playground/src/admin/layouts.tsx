/** Layouts: which objects have written ones, and the way to the designer of each kind of page. */

import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client, useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import * as layouts from "../texts/layouts";
import { useArea } from "../texts/area";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { NotThere } from "../ui/notices";
import { Empty, Failed, Skeleton } from "../ui/states";
import { tell } from "../ui/toasts";
import admin from "./admin.module.css";
import { KINDS, type LayoutKind } from "./layouts/design";
import { ACCEPT_LAYOUTS, ALL_LAYOUTS, type AllLayouts } from "./layouts/documents";

export function LayoutsPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Objects /> : <NotThere />;
}

function Objects() {
  const t = useTexts();
  const a = useArea(layouts);
  const shell = useShell().data;
  const [typed, type] = useState("");
  const [error, setError] = useState<unknown>(null);
  const told = useQuery({
    queryKey: ["meta", "admin", "layouts"],
    queryFn: () => metadata<AllLayouts>(ALL_LAYOUTS),
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = `${a.title} · Tradewind`;
  }, [a]);
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined || shell === undefined) return <Skeleton />;
  const wanted = typed.trim().toLowerCase();
  const objects = shell.objects.filter(
    ({ plural, label, name, keys }) =>
      plural !== null && [label, name, ...keys].some((text) => text.toLowerCase().includes(wanted)),
  );
  const originOf = (object: string, kind: LayoutKind) => {
    const own = told.data.layouts.filter((one) => one.object === object && one.kind === kind);
    const plain = own.find(({ role, state }) => role === null && state === null);
    return {
      origin: plain === undefined ? "generated" : plain.standard ? "standard" : "own",
      variants: own.filter((one) => one !== plain).length,
      faulty: own.some(({ diagnostics }) => diagnostics.length > 0),
    };
  };
  /** Whether an object of the company's own is not open to others yet. */
  const waits = (name: string) =>
    told.data.objects.find((one) => one.name === name)?.custom === true &&
    (["LIST", "DETAIL"] as const).some((kind) => originOf(name, kind).origin === "generated");
  const accept = async (object: string, label: string) => {
    try {
      await metadata(ACCEPT_LAYOUTS, { object });
      await client.invalidateQueries({ queryKey: ["meta"] });
      tell(a.accepted(label));
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <div className={admin.page}>
      <div className={admin.head}>
        <h1>{a.title}</h1>
        <input
          type="search"
          className={admin.chooser}
          aria-label={a.find}
          placeholder={a.find}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      </div>
      <p className={admin.muted}>{a.intro}</p>
      {error !== null && <Failed error={error} />}
      {objects.length === 0 && <Empty text={a.nothingFound} />}
      {objects.length > 0 && (
        <div className={admin.table} role="region" aria-label={a.title} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.label}</th>
                {KINDS.map((kind) => (
                  <th key={kind} scope="col">
                    {a.kinds[kind]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {objects.map(({ name, label }) => (
                <tr key={name}>
                  <td>
                    {label}
                    {waits(name) && (
                      <div title={a.acceptHint}>
                        <Button onPress={() => void accept(name, label)} aria-label={`${label}: ${a.accept}`}>
                          {a.accept}
                        </Button>
                      </div>
                    )}
                  </td>
                  {KINDS.map((kind) => {
                    const { origin, variants, faulty } = originOf(name, kind);
                    const said = a.origins[origin] ?? origin;
                    return (
                      <td key={kind}>
                        <Link
                          to="/admin/layouts/$name"
                          params={{ name }}
                          search={{ kind }}
                          aria-label={`${label}, ${a.kinds[kind]}: ${said}`}
                        >
                          {said}
                        </Link>
                        {faulty && <span className={admin.fault}> !</span>}
                        {variants > 0 && <div className={admin.muted}>{a.variants(variants)}</div>}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
