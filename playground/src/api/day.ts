/** What a person's day holds. */

import { ask } from "./transport";

export interface DayEntry {
  id: string;
  object: string;
  label: string;
  text: string | null;
  detail: string | null;
  /** The day on which it starts. */
  day: string | null;
  /** Null where it has days and no times. */
  start: string | null;
  end: string | null;
  stateLabel: string | null;
  closed: boolean;
  overdue: boolean;
}

export interface DayList {
  totalCount: number;
  nodes: DayEntry[];
}

export interface MyDay {
  date: string;
  schedule: DayList;
  tasks: DayList;
}

const MY_DAY = `query MyDay($date: Date, $first: Int) {
  myDay(date: $date, first: $first) { date schedule { ...L } tasks { ...L } }
}
fragment L on MyDayList {
  totalCount nodes { id object label text detail day start end stateLabel closed overdue }
}`;

/** A day; today where none is given. */
export async function myDay(date: string | null): Promise<MyDay | null> {
  const { data } = await ask<{ myDay: MyDay | null }>("/graphql", MY_DAY, { date, first: 20 });
  return data.myDay;
}
