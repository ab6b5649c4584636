/** The list in groups: a picture whose parts open their records, and the table that says the same. */

import { Link, useNavigate } from "@tanstack/react-router";
import type { ObjectSummary } from "../../api/metadata";
import styles from "../../chart/chart.module.css";
import { ChartChoices } from "../../chart/choices";
import { Figure } from "../../chart/figure";
import type { Cell } from "../../chart/series";
import { type ListQuestion, withCondition, writeQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { useChart } from "./use-chart";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
}

export function Chart({ object, list, question, askFor }: Props) {
  const t = useTexts();
  const navigate = useNavigate();
  const { asked, fields, first, measure, answer, data, shown } = useChart(object, list, question);
  if (first === null && asked.kind !== "NUMBER") return <Empty text={t.noGroups} />;
  const said = measure === null ? t.count : t.sumOf(measure.label);
  const address = ({ drill }: Cell) =>
    writeQuestion(
      drill.reduce(
        (narrower, condition) => withCondition(narrower, condition.field, condition),
        list.seen({ ...question, face: "list", group: null, by: null, measure: null, chart: null }),
      ),
    );
  const plural = object.plural!;
  const empty = answer.isSuccess && data.categories.length === 0;

  return (
    <div className={styles.page}>
      <ChartChoices fields={fields} asked={asked} change={(next) => askFor({ ...question, ...withKind(next) })} />
      {answer.isError && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.isPending && <Skeleton />}
      {empty && <Empty text={t.emptyFiltered} />}
      {data.categories.length > 0 && (
        <section className={styles.pictured}>
          <Figure
            kind={asked.kind}
            data={data}
            shown={shown}
            label={`${object.labelPlural}: ${said}`}
            groupedBy={first?.field.label ?? ""}
            measured={said}
            summed={measure !== null}
            open={(cell) => void navigate({ to: "/o/$plural", params: { plural }, search: address(cell) })}
            link={(cell, text) => (
              <Link to="/o/$plural" params={{ plural }} search={address(cell)}>
                {text}
              </Link>
            )}
            table="beside"
          />
        </section>
      )}
    </div>
  );
}

const withKind = ({ kind, ...rest }: ReturnType<typeof useChart>["asked"]) => ({ ...rest, chart: kind });
