/** The list in groups: a picture whose parts open their records, and the table that says the same. */

import { useState } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { Pin } from "lucide-react";
import type { ObjectSummary } from "../../api/metadata";
import styles from "../../chart/chart.module.css";
import { ChartChoices } from "../../chart/choices";
import { Figure } from "../../chart/figure";
import type { Cell } from "../../chart/series";
import { alsoWith, type ListQuestion, writeQuestion } from "../../question/question";
import { viewedAs } from "../../signin/viewing";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as dashboards from "../../texts/dashboards";
import { Button } from "../../ui/button";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { PinDialog } from "./pin";
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
  const a = useArea(dashboards);
  const navigate = useNavigate();
  const [pinning, pin] = useState(false);
  const { asked, fields, first, measure, answer, data, shown } = useChart(object, list, question);
  if (first === null && asked.kind !== "NUMBER") return <Empty text={t.noGroups} />;
  const said = measure === null ? t.count : t.sumOf(measure.label);
  const address = ({ drill }: Cell) =>
    writeQuestion(
      drill.reduce(
        alsoWith,
        list.seen({ ...question, face: "list", group: null, by: null, measure: null, chart: null }),
      ),
    );
  const plural = object.plural!;
  const empty = answer.isSuccess && data.categories.length === 0;

  return (
    <div className={styles.page}>
      <div className={styles.choices}>
        <ChartChoices fields={fields} asked={asked} change={(next) => askFor({ ...question, ...withKind(next) })} />
        {viewedAs() === null && (
          <Button onPress={() => pin(true)}>
            <Pin size={16} aria-hidden="true" />
            {a.pin}
          </Button>
        )}
      </div>
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
      {pinning && (
        <PinDialog
          object={object}
          list={list}
          question={question}
          asked={asked}
          title={
            first === null || asked.kind === "NUMBER"
              ? `${object.labelPlural}: ${said}`
              : `${said}: ${first.field.label}`
          }
          onClose={() => pin(false)}
        />
      )}
    </div>
  );
}

const withKind = ({ kind, ...rest }: ReturnType<typeof useChart>["asked"]) => ({ ...rest, chart: kind });
