/** Who stands in for a person, and for whom the person stands in; arranged and ended here. */

import { type FormEvent, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useShell } from "../../api/cache";
import { metadata } from "../../api/metadata";
import { ask } from "../../api/transport";
import { useLang } from "../../texts";
import { useArea } from "../../texts/area";
import * as people from "../../texts/people";
import { Button } from "../../ui/button";
import { Failed, Skeleton } from "../../ui/states";
import { tell } from "../../ui/toasts";
import { instantOf, showInstant } from "../../values/dates";
import styles from "../admin.module.css";
import { DELEGATE, type Delegation, DELEGATIONS, END_DELEGATION, NAMES } from "./documents";
import { EmployeePicker, type Person } from "./employee-picker";

export function StandingIn({ employee }: { employee: string }) {
  const a = useArea(people);
  const lang = useLang();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const [standIn, choose] = useState<Person | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const told = useQuery({
    queryKey: ["admin", "delegations", employee],
    queryFn: async () => {
      const { delegations } = await metadata<{ delegations: { nodes: Delegation[] } }>(DELEGATIONS);
      const found = delegations.nodes.filter(({ from, to }) => from === employee || to === employee);
      const ids = [...new Set(found.flatMap(({ from, to }) => [from, to]))];
      if (ids.length === 0) return { found, names: new Map<string, string>() };
      const { data } = await ask<{ employees: { nodes: { id: string; _title: string | null }[] } | null }>(
        "/graphql",
        NAMES,
        { ids },
      );
      return { found, names: new Map(data.employees?.nodes.map(({ id, _title }) => [id, _title ?? id])) };
    },
    staleTime: 0,
  });
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      await told.refetch();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (standIn === null) return;
    const given = Object.fromEntries(new FormData(form)) as Record<string, string>;
    void run(async () => {
      await metadata(DELEGATE, {
        from: employee,
        to: standIn.id,
        since: given.since === "" ? undefined : instantOf(given.since!, zone),
        until: instantOf(given.until!, zone),
        reason: given.reason,
      });
      tell(a.arranged(standIn.text));
      choose(null);
      form.reset();
    });
  };
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined) return <Skeleton rows={3} />;
  const { found, names } = told.data;
  return (
    <>
      <p className={styles.muted}>{a.standingHint}</p>
      <ul className={styles.rows}>
        {found.map((one) => {
          const other = one.from === employee ? one.to : one.from;
          const name = names.get(other) ?? other;
          return (
            <li key={one.id}>
              <span>
                {one.from === employee ? a.stoodInBy(name) : a.standsInFor(name)}
                <span className={styles.muted}>
                  {" "}
                  {a.fromTo(showInstant(one.since, zone, lang), showInstant(one.until, zone, lang))}
                  {one.reason !== "" && ` · ${one.reason}`}
                </span>
              </span>
              <Button
                aria-label={a.endStanding(name)}
                isDisabled={busy}
                onPress={() =>
                  void run(async () => {
                    await metadata(END_DELEGATION, { id: one.id });
                    tell(a.standingEnded);
                  })
                }
              >
                {a.endThis}
              </Button>
            </li>
          );
        })}
        {found.length === 0 && <li className={styles.muted}>{a.noStandIns}</li>}
      </ul>
      {error !== null && <Failed error={error} />}
      <form className={`${styles.panel} ${styles.form}`} aria-label={a.arrange} onSubmit={submit}>
        <EmployeePicker label={a.standIn} chosen={standIn} choose={choose} except={employee} />
        <div className={styles.row}>
          <label>
            {a.since}
            <input type="datetime-local" name="since" />
          </label>
          <label>
            {a.until}
            <input type="datetime-local" name="until" required />
          </label>
        </div>
        <label>
          {a.reason}
          <input name="reason" maxLength={500} />
        </label>
        <div>
          <Button type="submit" kind="main" isDisabled={busy || standIn === null}>
            {a.arrange}
          </Button>
        </div>
      </form>
    </>
  );
}
