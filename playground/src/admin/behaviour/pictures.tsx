/** The flows of a text as pictures; while one types, those that could be read last. */

import { useRef } from "react";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import admin from "../admin.module.css";
import { useObjectLabels } from "./holds";
import { FlowPicture } from "./picture";
import { readBehaviour, type TextFlow } from "./read";

export function Pictures({ text }: { text: string }) {
  const a = useArea(behaviour);
  const labelOf = useObjectLabels();
  const last = useRef<TextFlow[]>([]);
  last.current = readBehaviour(text)?.flows ?? last.current;
  return last.current.map((flow, place) => (
    <section key={place} className={admin.panel} aria-label={a.flowOf(labelOf(flow.object))}>
      <h2>{a.flowOf(labelOf(flow.object))}</h2>
      <FlowPicture flow={flow} />
    </section>
  ));
}
