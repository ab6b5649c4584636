/** A flow as a picture, and the same as a table for readers, keys and paper. */

import { useId, useMemo } from "react";
import { useObjectPage, useShell } from "../../api/cache";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import { useLang, useTexts } from "../../texts";
import admin from "../admin.module.css";
import styles from "./behaviour.module.css";
import { ANY, graphOf } from "./graph";
import { pictureOf } from "./layout";
import { type TextFlow, titleOf } from "./read";
import { useStates } from "./states";

export function FlowPicture({ flow }: { flow: TextFlow }) {
  const t = useTexts();
  const a = useArea(behaviour);
  const lang = useLang();
  const object = useShell().data?.objects.find(({ name }) => name === flow.object);
  const page = useObjectPage(object?.name);
  const fields = page.data?.object?.fields ?? [];
  const field = fields.find(({ name }) => name === flow.field);
  const states = useStates(field, flow);
  const id = useId();
  const said = useMemo(() => {
    const known = states ?? [];
    const graph = graphOf(
      flow,
      known.map(({ name }) => name),
    );
    if (graph.states.length === 0) return null;
    const label = (state: string) =>
      state === ANY ? a.byRecord : (known.find(({ name }) => name === state)?.label ?? state);
    const right = (name: string) => t.actions[name.toUpperCase()] ?? name;
    const marks = (state: string) => [
      ...(flow.start.includes(state) ? [a.start] : []),
      ...(flow.edit?.includes(state) ? [a.mayEdit] : []),
      ...(flow.delete?.includes(state) ? [a.mayDelete] : []),
    ];
    const picture = pictureOf(graph, {
      state: (name) => [label(name), marks(name).join(" · ")],
      move: (place) => [titleOf(flow.moves[place]!, lang), a.right(right(flow.moves[place]!.right))],
    });
    return { graph, label, right, picture };
  }, [flow, states, lang, a, t]);
  // Nothing is drawn by names while their labels are on the way.
  if (states === undefined || said === null || (object !== undefined && page.isPending)) return null;
  const { graph, label, right, picture } = said;
  const objectLabel = object?.label ?? flow.object;
  const fieldLabel = (name: string) => fields.find((one) => one.name === name)?.label ?? name;
  const target = (to: string) =>
    to.startsWith("next:") ? (
      a.next(to.slice("next:".length))
    ) : graph.states.includes(to) ? (
      label(to)
    ) : (
      <code>{to}</code>
    );
  return (
    <div className={styles.flow}>
      <div className={styles.scroll} role="region" aria-label={a.pictureOf(objectLabel)} tabIndex={0}>
        <svg
          role="img"
          aria-labelledby={id}
          width={picture.width}
          height={picture.height}
          viewBox={`0 0 ${picture.width} ${picture.height}`}
        >
          <title id={id}>{a.picture(objectLabel)}</title>
          {picture.moves.map(({ move, lines, heads, words }) => (
            <g key={move} className={styles.move}>
              {lines.map((line) => (
                <path key={line} d={line} className={styles.line} />
              ))}
              {heads.map((head) => (
                <path key={head} d={head} className={styles.head} />
              ))}
              {words.map(({ x, y, anchor, title, right: needed }) => (
                <text key={`${x} ${y}`} x={x} textAnchor={anchor}>
                  <tspan y={y - 5} className={styles.title}>
                    {title}
                  </tspan>
                  <tspan x={x} y={y + 14} className={styles.right}>
                    {needed}
                  </tspan>
                </text>
              ))}
            </g>
          ))}
          {picture.boxes.map(({ name, x, y, width, height, title, marks }) => {
            const closed = flow.edit !== null && !flow.edit.includes(name);
            const look = [styles.box, flow.start.includes(name) && styles.first, closed && styles.closed];
            return (
              <g key={name} data-state={name}>
                <rect x={x} y={y} width={width} height={height} rx={8} className={look.filter(Boolean).join(" ")} />
                <text textAnchor="middle">
                  <tspan x={x + width / 2} y={y + height / 2 + (marks === "" ? 5 : -3)} className={styles.state}>
                    {title}
                  </tspan>
                  <tspan x={x + width / 2} y={y + height / 2 + 16} className={styles.right}>
                    {marks}
                  </tspan>
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      <ul className={admin.muted}>
        <li>{a.marksHint}</li>
        {flow.edit === null && <li>{a.closesNothing}</li>}
        {flow.delete === null && <li>{a.closesNoRemoval}</li>}
        {graph.loose.length > 0 && <li>{a.loose(graph.loose.map(label).join(", "))}</li>}
      </ul>
      <div className={admin.table} role="region" aria-label={a.movesOf(objectLabel)} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[a.move, a.from, a.to, a.needs, a.asks, a.sets].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {flow.moves.map((move, place) => (
              <tr key={place}>
                <td>
                  {titleOf(move, lang)} <span className={admin.muted}>{move.code}</span>
                </td>
                <td>{move.from.map(label).join(", ")}</td>
                <td>{target(move.to)}</td>
                <td>{right(move.right)}</td>
                <td>
                  {move.input
                    .map((asked) => (asked.required ? a.required(fieldLabel(asked.field)) : fieldLabel(asked.field)))
                    .join(", ")}
                </td>
                <td>
                  {move.set.map(([name, expression]) => (
                    <div key={name}>
                      {fieldLabel(name)} = <code>{expression}</code>
                    </div>
                  ))}
                  {move.system && <div className={admin.muted}>{a.asSystem}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {flow.gates.length > 0 && (
        <>
          <h3>{a.gates}</h3>
          <ul className={admin.list}>
            {flow.gates.map(({ to, require, check }, place) => (
              <li key={place}>
                {require.length > 0 && a.gateNeeds(label(to), require.map(fieldLabel).join(", "))}
                {check !== null && (
                  <div>
                    {a.gateChecks(label(to))}
                    <code>{check}</code>
                  </div>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
