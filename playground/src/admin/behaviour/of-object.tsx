/** What happens to the records of an object: its flow as a picture, and the rules that name it. */

import { useEffect, useRef } from "react";
import { Link, useRouterState } from "@tanstack/react-router";
import { useShell } from "../../api/cache";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import admin from "../admin.module.css";
import { useStoredTexts } from "./documents";
import { RuleLine, useObjectLabels } from "./holds";
import { FlowPicture } from "./picture";
import { fileOf, flowOfObject, readBehaviour, RESPONSIBLE, type StoredText } from "./read";

export function BehaviourOf({ object, label }: { object: string; label: string }) {
  const a = useArea(behaviour);
  const labelOf = useObjectLabels();
  const owned = useShell().data?.objects.find(({ name }) => name === object)?.owned === true;
  const texts = useStoredTexts().data ?? [];
  const found = flowOfObject(texts, object);
  const rules = texts.flatMap((text) =>
    (readBehaviour(text.text)?.rules ?? [])
      .filter(({ objects }) => objects.includes(object) || (owned && objects.includes(RESPONSIBLE)))
      .map((rule) => ({ rule, text })),
  );
  const asked = useRouterState({ select: ({ location }) => location.hash === "flow" });
  const place = useRef<HTMLElement>(null);
  const there = found !== null;
  useEffect(() => {
    if (asked && there) place.current?.scrollIntoView();
  }, [asked, there]);
  const toText = (text: StoredText) => (
    <Link to="/admin/behaviour/$name" params={{ name: fileOf(text) }} aria-label={`${a.inText}: ${fileOf(text)}`}>
      {fileOf(text)}
    </Link>
  );
  return (
    <>
      {found !== null && (
        <section ref={place} className={admin.panel} aria-label={a.statesAndMoves}>
          <div className={admin.head}>
            <h2>{a.statesAndMoves}</h2>
            {toText(found.text)}
          </div>
          <FlowPicture flow={found.flow} />
        </section>
      )}
      {rules.length > 0 && (
        <section className={admin.panel} aria-label={a.rulesOf(label)}>
          <h2>{a.rulesOf(labelOf(object))}</h2>
          <ul className={admin.rows}>
            {rules.map(({ rule, text }) => (
              <RuleLine key={rule.code} rule={rule}>
                {toText(text)}
              </RuleLine>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
