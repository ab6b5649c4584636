/** Switches of the company: for which actions a dimension narrows an object, and whether rights by record count at all. */

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { client, useShell } from "../../api/cache";
import { metadata } from "../../api/metadata";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notices";
import { Failed, Skeleton } from "../../ui/states";
import { tell } from "../../ui/toasts";
import styles from "../admin.module.css";
import { useDefined, useDimensions } from "../dimensions";
import type { Difference } from "../documents";
import { Tried } from "./differences";
import { type Control, CONTROLS, SET_CONTROLLED, SET_DIMENSION, SIMULATE, type Simulated } from "./documents";
import { useLabels } from "./labels";

export function Switches() {
  const a = useArea(rights);
  const defined = useDefined();
  const objects = useShell().data?.objects ?? [];
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const controls = useQuery({
    queryKey: ["meta", "admin", "controls"],
    queryFn: async () => (await metadata<{ controls: Control[] }>(CONTROLS)).controls,
  });
  if (defined.isError) return <Failed error={defined.error} retry={() => void defined.refetch()} />;
  if (controls.isError) return <Failed error={controls.error} retry={() => void controls.refetch()} />;
  if (defined.data === undefined || controls.data === undefined) return <Skeleton rows={6} />;
  const narrowed = objects.filter(({ name }) => {
    const object = defined.data.get(name);
    return object !== undefined && (object.dimensions.size > 0 || object.parents.size > 0 || object.owner !== null);
  });
  const object = search.object ?? narrowed[0]?.name;
  const touched = new Set(controls.data.map((control) => control.object));
  return (
    <>
      <p className={styles.muted}>{a.switchesHint}</p>
      <div className={styles.side}>
        <label>
          {a.object}
          <select
            value={object}
            onChange={(event) =>
              void navigate({
                to: ".",
                search: (before: Record<string, string>) => ({ ...before, object: event.target.value }),
                replace: true,
              })
            }
          >
            {narrowed.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
                {touched.has(name) ? ` · ${a.switched}` : ""}
              </option>
            ))}
          </select>
        </label>
      </div>
      {object !== undefined && (
        <ObjectSwitches
          key={`${object} ${JSON.stringify(controls.data)}`}
          object={object}
          controls={controls.data.filter((control) => control.object === object)}
        />
      )}
    </>
  );
}

function ObjectSwitches({ object, controls }: { object: string; controls: Control[] }) {
  const t = useTexts();
  const a = useArea(rights);
  const labels = useLabels();
  const defined = useDefined().data?.get(object);
  const known = useDimensions() ?? [];
  const stored = !controls.some(({ dimension }) => dimension === null);
  const [controlled, control] = useState(stored);
  /** For which actions each dimension shall count; null as it is defined. */
  const [changed, change] = useState<ReadonlyMap<string, string[] | null>>(new Map());
  const [tried, setTried] = useState<Difference[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const names = [...(defined?.dimensions.keys() ?? []), ...(defined?.parents ?? [])];
  const actions = Object.keys(t.actions);
  const kept = (name: string) => controls.find(({ dimension }) => dimension === name)?.actions ?? null;
  const now = (name: string) => (changed.has(name) ? changed.get(name)! : kept(name));
  const set = (name: string, next: string[] | null) => change(new Map([...changed, [name, next]]));
  const labelOf = (name: string) =>
    defined?.parents.has(name)
      ? a.throughParent(labels.object(defined.fields.get(name) ?? name))
      : (known.find((one) => one.name === name)?.label ?? name);
  const attempt = async () => {
    setBusy(true);
    setError(null);
    try {
      const dimensions = [...changed].map(([dimension, given]) => ({ object, dimension, actions: given }));
      const whole = controlled === stored ? [] : [{ object, controlled }];
      const told = await metadata<Simulated>(SIMULATE, { draft: { controls: [...dimensions, ...whole] } });
      setTried(Object.values(told).flat());
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const save = async () => {
    for (const [dimension, given] of changed) await metadata(SET_DIMENSION, { object, dimension, actions: given });
    if (controlled !== stored) await metadata(SET_CONTROLLED, { object, controlled });
    setTried(null);
    tell(t.savedNamed(labels.object(object)));
    await client.invalidateQueries({ queryKey: ["meta"] });
  };
  return (
    <section className={styles.panel} aria-label={labels.object(object)}>
      <label className={styles.check}>
        <input type="checkbox" checked={controlled} onChange={(event) => control(event.target.checked)} />
        {a.controlled}
      </label>
      {!controlled && <Notice tone="warn">{a.uncontrolledWarn}</Notice>}
      {names.length === 0 && <p className={styles.muted}>{a.noSwitches}</p>}
      {controlled && names.length > 0 && (
        <div className={styles.table} role="region" aria-label={a.parts.switches} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{a.parts.dimensions}</th>
                {actions.map((action) => (
                  <th key={action} scope="col">
                    {t.actions[action]}
                  </th>
                ))}
                <th scope="col">{a.asDefined}</th>
              </tr>
            </thead>
            <tbody>
              {names.map((name) => {
                const chosen = now(name) ?? actions;
                return (
                  <tr key={name} className={changed.has(name) ? styles.changed : undefined}>
                    <th scope="row">{labelOf(name)}</th>
                    {actions.map((action) => (
                      <td key={action}>
                        <input
                          type="checkbox"
                          aria-label={a.switchOf(labelOf(name), t.actions[action]!)}
                          checked={chosen.includes(action)}
                          onChange={() =>
                            set(
                              name,
                              chosen.includes(action) ? chosen.filter((one) => one !== action) : [...chosen, action],
                            )
                          }
                        />
                      </td>
                    ))}
                    <td>
                      <input
                        type="checkbox"
                        aria-label={a.switchOf(labelOf(name), a.asDefined)}
                        checked={now(name) === null}
                        onChange={() => set(name, now(name) === null ? actions : null)}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {error !== null && <Failed error={error} />}
      <div className={styles.row}>
        <Button
          kind="main"
          isDisabled={busy || (changed.size === 0 && controlled === stored)}
          onPress={() => void attempt()}
        >
          {a.trySwitches}
        </Button>
        <Button
          isDisabled={changed.size === 0 && controlled === stored}
          onPress={() => {
            change(new Map());
            control(stored);
          }}
        >
          {t.discard}
        </Button>
      </div>
      {tried !== null && <Tried found={tried} close={() => setTried(null)} save={save} />}
    </section>
  );
}
