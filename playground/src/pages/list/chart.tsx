/** The list in groups: a bar for each, which opens its records. The table is what readers and paper get, too. */

import { Link } from "@tanstack/react-router";
import type { ObjectSummary } from "../../api/metadata";
import { type ListQuestion, withCondition, writeQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { Empty, Failed, Skeleton } from "../../ui/states";
import styles from "./chart.module.css";
import { groupable, PERIODS, summable, useChart } from "./use-chart";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
}

export function Chart({ object, list, question, askFor }: Props) {
  const t = useTexts();
  const { group, measure, groups, all, answer, shown } = useChart(object, list, question, t);
  if (group === null) return <Empty text={t.noGroups} />;
  const fields = [...list.fields.values()];
  // Only how long a bar is goes by a number; what is written is exact.
  const most = Math.max(...groups.map(({ value }) => Math.abs(Number(value))), 0);
  const said = measure === null ? t.count : t.sumOf(measure.label);

  return (
    <div className={styles.page}>
      <div className={styles.bar}>
        <label>
          {t.groupBy}
          <select value={group.field.name} onChange={(event) => askFor({ ...question, group: event.target.value })}>
            {fields.filter(groupable).map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {group.period !== null && (
          <label>
            {t.period}
            <select
              value={group.period}
              onChange={(event) => askFor({ ...question, group: `${group.field.name}:${event.target.value}` })}
            >
              {PERIODS.map((period) => (
                <option key={period} value={period}>
                  {t.periodNames[period]}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {t.measure}
          <select
            value={measure?.name ?? ""}
            onChange={(event) =>
              askFor({ ...question, measure: event.target.value === "" ? null : event.target.value })
            }
          >
            <option value="">{t.count}</option>
            {fields.filter(summable).map(({ name, label }) => (
              <option key={name} value={name}>
                {t.sumOf(label)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {answer.isError && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.isPending && <Skeleton />}
      {answer.isSuccess && groups.length === 0 && <Empty text={t.emptyFiltered} />}
      {groups.length > 0 && (
        <div className={styles.table} role="region" aria-label={`${object.labelPlural}: ${said}`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{group.field.label}</th>
                <th scope="col" className={styles.end}>
                  {said}
                </th>
                {measure !== null && (
                  <th scope="col" className={styles.end}>
                    {t.count}
                  </th>
                )}
                <th scope="col">{t.share}</th>
              </tr>
            </thead>
            <tbody>
              {groups.map(({ key, label, count, value, drill }) => (
                <tr key={key}>
                  <th scope="row">
                    {drill === null ? (
                      label
                    ) : (
                      <Link
                        to="/o/$plural"
                        params={{ plural: object.plural! }}
                        search={writeQuestion(
                          withCondition(list.seen({ ...question, face: "list" }), drill.field, drill),
                        )}
                      >
                        {label}
                      </Link>
                    )}
                  </th>
                  <td className={styles.end}>{shown(value)}</td>
                  {measure !== null && <td className={styles.end}>{count}</td>}
                  <td className={styles.wide}>
                    <svg className={styles.graph} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                      <rect
                        className={Number(value) < 0 ? styles.below : styles.column}
                        width={most === 0 ? 0 : (100 * Math.abs(Number(value))) / most}
                        height="10"
                      />
                    </svg>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {all > groups.length && <p className={styles.hint}>{t.ofTotal(groups.length, all)}</p>}
        </div>
      )}
    </div>
  );
}
