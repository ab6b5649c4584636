/** Somebody leaves: what they are responsible for is handed over, then the account is closed. */

import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { recordsChanged, useShell } from "../../api/cache";
import { ask } from "../../api/transport";
import { updateManyDocument } from "../../fields/documents";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as people from "../../texts/people";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notices";
import { Failed, Skeleton } from "../../ui/states";
import { tell } from "../../ui/toasts";
import styles from "../admin.module.css";
import { useDefined } from "../dimensions";
import { type Behind, SET_EMPLOYEE, SET_OPERATOR } from "./documents";
import { EmployeePicker, type Person } from "./employee-picker";
import { batches, countsDocument, handing, listOf, type Owned, ownedObjects } from "./hand-over";

interface Counted extends Owned {
  count: number;
}

type Outcome = { state: "running" | "done"; count: number } | { state: "refused"; why: string };

interface Props {
  behind: Behind;
  changed: () => void;
}

export function Leaving({ behind, changed }: Props) {
  const a = useArea(people);
  return (
    <>
      <p className={styles.muted}>{a.leavingHint}</p>
      {behind.employee === null ? <Notice>{a.noEmployee}</Notice> : <HandOver employee={behind.employee.id} />}
      <CloseAccount behind={behind} changed={changed} />
    </>
  );
}

function HandOver({ employee }: { employee: string }) {
  const t = useTexts();
  const a = useArea(people);
  const objects = useShell().data?.objects;
  const defined = useDefined();
  const [to, choose] = useState<Person | null>(null);
  const [ticked, tick] = useState<ReadonlySet<string> | null>(null);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [busy, setBusy] = useState(false);
  const counted = useQuery({
    queryKey: ["admin", "owned", employee],
    queryFn: async () => {
      const found: Counted[] = [];
      for (const some of batches(ownedObjects(objects!, defined.data!), 8)) {
        const { data } = await ask<Record<string, { count: number }[] | null>>("/graphql", countsDocument(some), {
          id: employee,
        });
        found.push(...some.map((one, at) => ({ ...one, count: data[`n${at}`]?.[0]?.count ?? 0 })));
      }
      return found.filter(({ count }) => count > 0);
    },
    // What has come of each line stays to be read: it is not counted anew.
    enabled: objects !== undefined && defined.data !== undefined && outcomes.size === 0,
    staleTime: 0,
    gcTime: 0,
  });
  useEffect(() => {
    if (counted.data === undefined || ticked !== null) return;
    tick(new Set(counted.data.filter(({ stays }) => !stays).map(({ object }) => object.name)));
  }, [counted.data, ticked]);
  if (counted.isError) return <Failed error={counted.error} retry={() => void counted.refetch()} />;
  if (counted.data === undefined || ticked === null) return <Skeleton rows={4} />;
  const rest = counted.data.filter(({ object }) => outcomes.get(object.name)?.state !== "done");
  const chosen = rest.filter(({ object }) => ticked.has(object.name));
  const total = chosen.reduce((sum, { count }) => sum + count, 0);

  const run = async (successor: Person) => {
    setBusy(true);
    let done = 0;
    const note = (name: string, outcome: Outcome) => setOutcomes((before) => new Map([...before, [name, outcome]]));
    for (const one of chosen) {
      const { name } = one.object;
      note(name, { state: "running", count: one.count });
      try {
        type Done = { done: { count: number; userErrors: { message: string; hint: string | null }[] } | null };
        const { data } = await ask<Done>("/graphql", updateManyDocument(one.object), {
          ...handing(one, employee, successor.id, one.count),
          idempotencyKey: crypto.randomUUID(),
        });
        const why = data.done?.userErrors[0];
        if (why !== undefined) note(name, { state: "refused", why: [why.message, why.hint].filter(Boolean).join(" ") });
        else {
          const count = data.done?.count ?? 0;
          done += count;
          note(name, { state: "done", count });
        }
      } catch (problem) {
        note(name, { state: "refused", why: problem instanceof Error ? problem.message : String(problem) });
      }
    }
    setBusy(false);
    if (done > 0) tell(a.handedOver(done, successor.text));
    await recordsChanged();
  };
  const finished = chosen.length === 0 ? 0 : [...outcomes.values()].filter(({ state }) => state !== "running").length;

  if (counted.data.length === 0 && outcomes.size === 0) return <p>{a.nothingOwned}</p>;
  return (
    <section className={styles.form} aria-label={a.parts.leaving}>
      <EmployeePicker label={a.handTo} chosen={to} choose={choose} except={employee} />
      <p className={styles.muted}>{a.handHint}</p>
      <div className={styles.table} role="region" aria-label={a.responsibleFor} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[a.responsibleFor, a.recordCount, a.outcome].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...counted.data].map((one) => {
              const { name, labelPlural } = one.object;
              const outcome = outcomes.get(name);
              return (
                <tr key={name}>
                  <th scope="row">
                    <label className={styles.check}>
                      <input
                        type="checkbox"
                        disabled={busy || outcome?.state === "done"}
                        checked={ticked.has(name)}
                        onChange={() => {
                          const next = new Set(ticked);
                          if (!next.delete(name)) next.add(name);
                          tick(next);
                        }}
                      />
                      {labelPlural}
                    </label>
                  </th>
                  <td>
                    <Link {...listOf(one, employee)} aria-label={`${labelPlural}: ${one.count}`}>
                      {one.count}
                    </Link>
                  </td>
                  <td>
                    {outcome?.state === "done" && a.done(outcome.count)}
                    {outcome?.state === "running" && a.running}
                    {outcome?.state === "refused" && <span className={styles.fault}>{outcome.why}</span>}
                    {outcome === undefined && busy && ticked.has(name) && a.waiting}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div className={styles.row} role="status">
        <Button
          kind="main"
          isDisabled={busy || to === null || chosen.length === 0}
          onPress={() => to !== null && void run(to)}
        >
          {a.handOver(total)}
        </Button>
        {busy && (
          <>
            <progress aria-label={t.loading} value={finished} max={finished + chosen.length} />
            <span className={styles.muted}>{a.handProgress(finished, finished + chosen.length)}</span>
          </>
        )}
      </div>
    </section>
  );
}

interface Saved {
  saved: { userErrors: { message: string; hint: string | null }[] } | null;
}

function CloseAccount({ behind, changed }: Props) {
  const a = useArea(people);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (document: string, variables: Record<string, unknown>, done: string) => {
    setBusy(true);
    setError(null);
    try {
      const { data } = await ask<Saved>("/graphql", document, variables);
      const [fault] = data.saved?.userErrors ?? [];
      if (fault !== undefined) return setError([fault.message, fault.hint].filter(Boolean).join(" "));
      tell(done);
      changed();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setBusy(false);
    }
  };
  const { id, version, status, employee } = behind;
  const enabled = status === "ENABLED";
  return (
    <section className={styles.list} aria-label={a.closeAccount}>
      <h3>{a.closeAccount}</h3>
      {error !== null && (
        <Notice tone="bad" role="alert">
          {error}
        </Notice>
      )}
      <div className={styles.row}>
        <Button
          kind={enabled ? "danger" : undefined}
          isDisabled={busy}
          onPress={() =>
            void run(
              SET_OPERATOR,
              { id, version, status: enabled ? "DISABLED" : "ENABLED" },
              enabled ? a.disabledNow : a.enabledNow,
            )
          }
        >
          {enabled ? a.disable : a.enable}
        </Button>
        {employee !== null && employee.status !== "LEFT" && (
          <Button
            kind="danger"
            isDisabled={busy}
            onPress={() =>
              void run(SET_EMPLOYEE, { id: employee.id, version: employee.version, status: "LEFT" }, a.leftNow)
            }
          >
            {a.markLeft}
          </Button>
        )}
      </div>
    </section>
  );
}
