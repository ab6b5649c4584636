/** Asks for the groups of a chart, with all charts that are asked in the same moment. */

import { useQuery } from "@tanstack/react-query";
import type { FieldInfo, ObjectSummary } from "../api/metadata";
import { together } from "../api/together";
import { useStateValues } from "../fields/state-values";
import { useTexts } from "../texts";
import { type AnsweredGroup, chartPart, type ChartVariables } from "./document";
import type { Grouping } from "./groups";
import { seriesOf } from "./series";

interface Asked {
  object: ObjectSummary;
  groupings: readonly Grouping[];
  measure: FieldInfo | null;
  variables: ChartVariables;
  /** Not asked while it is not looked at. */
  enabled?: boolean;
}

export function useGroups({ object, groupings, measure, variables, enabled = true }: Asked) {
  const t = useTexts();
  const part = chartPart(object, groupings, measure, variables);
  const text = part.write((name) => `$${name}`);
  const answer = useQuery({
    queryKey: [object.name, "chart", text, variables],
    queryFn: async () => (await together<AnsweredGroup[]>(part)) ?? [],
    enabled,
    // Groups by another field are no answer to this one.
    placeholderData: (before, query) => (query?.queryKey[2] === text ? before : undefined),
  });
  const state = groupings.find(({ field }) => field.name === object.stateField)?.field;
  const values = useStateValues(enabled ? state : undefined);
  const orders = new Map(
    state === undefined || values === undefined ? [] : [[state.name, values.map(({ value }) => value)]],
  );
  return { answer, data: seriesOf(answer.data ?? [], groupings, measure, t, orders) };
}
