/** The rights of a role: a level for each object and action, tried on everyone before it is saved. */

import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useBlocker, useRouterState, useNavigate } from "@tanstack/react-router";
import { client, useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { useLang, useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Notice, NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { tell } from "../ui/toasts";
import styles from "./admin.module.css";
import { type Difference, MATRIX, type MatrixRow, type RoleSummary, ROLES, SET_RIGHTS } from "./documents";

const ACTIONS = [
  "READ",
  "CREATE",
  "EDIT",
  "DELETE",
  "PRINT",
  "EXPORT",
  "AUDIT",
  "TRANSFER",
  "SHIP",
  "APPROVE",
] as const;
const LEVELS = ["NONE", "OWN", "RELATED", "DIMENSIONS", "OWN_AND_DIMENSIONS", "BOTH", "ALL"] as const;

/** A level by its key: whoever fills in a matrix keeps the hands where they are. */
const KEYS: Record<string, string> = { "0": "NONE", o: "OWN", r: "RELATED", d: "DIMENSIONS", b: "BOTH", a: "ALL" };

interface Payload {
  setRights: {
    version: number;
    roles: { code: string; version: number; warnings: string[] }[];
    differences: Difference[];
  };
}

export function RolesPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("RIGHTS") ? <Matrix /> : <NotThere />;
}

function Matrix() {
  const t = useTexts();
  const lang = useLang();
  const navigate = useNavigate();
  const shell = useShell().data;
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const roles = useQuery({
    queryKey: ["meta", "admin", "roles"],
    queryFn: async () => (await metadata<{ roles: RoleSummary[] }>(ROLES)).roles,
    staleTime: Infinity,
  });
  const role = roles.data?.find(({ code }) => code === search.role) ?? roles.data?.[0];
  const matrix = useQuery({
    queryKey: ["meta", "admin", "matrix", role?.code],
    queryFn: async () => (await metadata<{ rightsMatrix: MatrixRow[] }>(MATRIX, { roles: [role!.code] })).rightsMatrix,
    enabled: role !== undefined,
    staleTime: Infinity,
  });
  /** `Customer READ` to the level that shall be. */
  const [pending, setPending] = useState<ReadonlyMap<string, string>>(new Map());
  /** What was tried and is saved as it was tried, or not at all. */
  const [tried, setTried] = useState<{ found: Difference[]; changes: unknown[] } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => setPending(new Map()), [role?.code]);
  useEffect(() => {
    document.title = `${t.roles} · Tradewind`;
  }, [t]);
  const blocker = useBlocker({
    shouldBlockFn: () => pending.size > 0,
    enableBeforeUnload: () => pending.size > 0,
    withResolver: true,
  });
  const labels = useMemo(() => new Map(shell?.objects.map(({ name, label }) => [name, label])), [shell]);

  if (roles.isError) return <Failed error={roles.error} retry={() => void roles.refetch()} />;
  if (matrix.isError) return <Failed error={matrix.error} retry={() => void matrix.refetch()} />;
  if (role === undefined || matrix.data === undefined) return <Skeleton rows={10} />;

  const stored = (row: MatrixRow, action: string) => row.cells.find((cell) => cell.action === action)?.level ?? "NONE";
  const set = (row: MatrixRow, action: string, level: string) => {
    const next = new Map(pending);
    if (stored(row, action) === level) next.delete(`${row.object} ${action}`);
    else next.set(`${row.object} ${action}`, level);
    setPending(next);
  };
  const changes = [...pending].map(([key, level]) => {
    const [object, action] = key.split(" ");
    return { role: role.code, expectedVersion: role.version, grant: { objects: [object], actions: [action], level } };
  });
  const send = async (dryRun: boolean) => {
    setBusy(true);
    setError(null);
    try {
      const { setRights } = await metadata<Payload>(SET_RIGHTS, { changes: dryRun ? changes : tried?.changes, dryRun });
      if (dryRun) return setTried({ found: setRights.differences, changes });
      setTried(null);
      setPending(new Map());
      tell(t.savedNamed(lang === "zh" ? role.label : role.labelEn));
      await client.invalidateQueries({ queryKey: ["meta"] });
    } catch (problem) {
      setTried(null);
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const pressed = (event: KeyboardEvent, row: MatrixRow, action: string) => {
    const level = KEYS[event.key.toLowerCase()];
    if (level === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    set(row, action, level);
  };

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{t.roles}</h1>
        <select
          aria-label={t.role}
          className={styles.chooser}
          value={role.code}
          onChange={(event) => void navigate({ to: ".", search: { role: event.target.value }, replace: true })}
        >
          {roles.data?.map(({ code, label, labelEn }) => (
            <option key={code} value={code}>
              {lang === "zh" ? label : labelEn}
            </option>
          ))}
        </select>
        <Button isDisabled={pending.size === 0} onPress={() => setPending(new Map())}>
          {t.discard}
        </Button>
        <Button kind="main" isDisabled={pending.size === 0 || busy} onPress={() => void send(true)}>
          {t.tryRights(pending.size)}
        </Button>
      </div>
      <p className={styles.muted}>
        {t.heldBy} {role.heldBy.length === 0 ? t.nobody : role.heldBy.join(", ")} · {t.matrixKeys}
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
      <div className={styles.table} role="region" aria-label={t.roles} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.objects}</th>
              {ACTIONS.map((action) => (
                <th key={action} scope="col">
                  {t.actions[action]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.data.map((row) => {
              const label = labels.get(row.object) ?? row.object;
              return (
                <tr key={row.object}>
                  <th scope="row">
                    {label}
                    {row.walled && <span className={styles.muted}> · {t.walled}</span>}
                  </th>
                  {ACTIONS.map((action) => {
                    const level = pending.get(`${row.object} ${action}`) ?? stored(row, action);
                    return (
                      <td key={action}>
                        <select
                          aria-label={`${label}: ${t.actions[action]}`}
                          className={pending.has(`${row.object} ${action}`) ? styles.changed : undefined}
                          value={level}
                          onKeyDown={(event) => pressed(event, row, action)}
                          onChange={(event) => set(row, action, event.target.value)}
                        >
                          {LEVELS.map((one) => (
                            <option key={one} value={one}>
                              {t.levels[one]}
                            </option>
                          ))}
                        </select>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {tried !== null && (
        <Dialog title={t.whoGains} onClose={() => setTried(null)} wide>
          {tried.found.length === 0 ? <p>{t.nobodyTouched}</p> : <Differences found={tried.found} labels={labels} />}
          <Actions>
            <Button onPress={() => setTried(null)}>{t.cancel}</Button>
            <Button kind="main" isDisabled={busy} onPress={() => void send(false)}>
              {t.save}
            </Button>
          </Actions>
        </Dialog>
      )}
      {blocker.status === "blocked" && (
        <Dialog title={t.leaveAsk} role="alertdialog" onClose={blocker.reset}>
          <Actions>
            <Button onPress={blocker.reset}>{t.keepEditing}</Button>
            <Button kind="danger" onPress={blocker.proceed}>
              {t.discard}
            </Button>
          </Actions>
        </Dialog>
      )}
    </div>
  );
}

function Differences({ found, labels }: { found: Difference[]; labels: ReadonlyMap<string, string> }) {
  const t = useTexts();
  return (
    <div className={styles.table} role="region" aria-label={t.whoGains} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[t.account, t.objects, t.action, t.gains, t.loses].map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.map(({ account, object, action, gained, lost }) => (
            <tr key={`${account} ${object} ${action}`}>
              <td>{account}</td>
              <td>{labels.get(object) ?? object}</td>
              <td>{t.actions[action] ?? action}</td>
              <td>{gained === 0 ? "" : `+${gained}`}</td>
              <td>{lost === 0 ? "" : `−${lost}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
