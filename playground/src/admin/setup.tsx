/** The set-up checklist: what a company needs before its people work here, how much of it there is, what is left. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { metadata } from "../api/metadata";
import * as setup from "../texts/setup";
import { useArea } from "../texts/area";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { type Known, setupDocument, type Tally, tallies } from "./checklist";
import looks from "./setup.module.css";

const ICONS = { DONE: CircleCheck, LOOK: CircleAlert, TODO: CircleDashed } as const;

export function SetUp({ may }: { may: readonly string[] }) {
  const a = useArea(setup);
  const told = useQuery({
    queryKey: ["meta", "admin", "setup"],
    queryFn: () => metadata<Omit<Known, "may">>(setupDocument(may)),
    // How many records there are is not told by a new fingerprint.
    staleTime: 10_000,
  });
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined) return <section className={`${styles.panel} ${looks.room}`} aria-busy="true" />;
  const all = tallies(told.data);
  const done = all.filter(({ standing }) => standing === "DONE").length;
  const titleOf = ({ key, count, label }: Tally) => {
    if (key === "departments" || key === "employees")
      return count === 0 ? a.noRecords(label ?? "") : a.records(label ?? "", count);
    return {
      roles: a.rolesTitle,
      accounts: a.accountsTitle,
      objects: a.objectsTitle,
      layouts: a.layoutsTitle,
      menus: a.menusTitle,
    }[key](count);
  };
  const hints: Record<Tally["key"], string> = {
    departments: a.departmentsHint,
    employees: a.employeesHint,
    roles: a.rolesHint,
    accounts: a.accountsHint,
    objects: a.objectsHint,
    layouts: a.layoutsHint,
    menus: a.menusHint,
  };
  const leftOf = ({ what, count, names }: Tally["left"][number]) =>
    ({
      unheld: a.rolesUnheld,
      warned: a.rolesWarned,
      withoutRole: a.withoutRole,
      withoutPassword: a.withoutPassword,
      draft: a.draftWaits,
      missing: () => a.layoutsMissing((names ?? []).slice(0, 5).join(", ")),
      faulty: a.layoutsFaulty,
    })[what](count);
  const said = { DONE: a.done, LOOK: a.look, TODO: a.open } as const;
  return (
    <section className={`${styles.panel} ${looks.room}`} aria-labelledby="setup">
      <div className={styles.head}>
        <h2 id="setup">{a.title}</h2>
        <span className={styles.muted}>{done === all.length ? a.allDone : a.progress(done, all.length)}</span>
      </div>
      <ol className={looks.list}>
        {all.map((tally) => {
          const Icon = ICONS[tally.standing];
          return (
            <li key={tally.key} className={looks.step} data-step={tally.key} data-standing={tally.standing}>
              <Icon size={18} role="img" aria-label={said[tally.standing]} className={looks[tally.standing]} />
              <div>
                <Link to={tally.to}>{titleOf(tally)}</Link>
                {tally.left.length === 0 ? (
                  <div className={styles.muted}>{hints[tally.key]}</div>
                ) : (
                  tally.left.map((one) => (
                    <div key={one.what} className={looks.left}>
                      {leftOf(one)}
                    </div>
                  ))
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
