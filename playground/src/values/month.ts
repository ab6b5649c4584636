/** Months and weeks, as calendars draw them. Days are texts, never instants. */

const day = (date: Date) => date.toISOString().slice(0, 10);

/** The month of a day: `2026-11` of `2026-11-30`. */
export const monthOf = (date: string): string => date.slice(0, 7);

/** The month that comes so many months later. */
export function monthsLater(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return day(new Date(Date.UTC(year, number - 1 + count, 1))).slice(0, 7);
}

/** Whole weeks from the first to the last day of a month; a week begins on `weekStart`, Monday being 1. */
export function weeksOf(month: string, weekStart: number): string[][] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const first = new Date(Date.UTC(year, number - 1, 1));
  const last = new Date(Date.UTC(year, number, 0));
  const from = (first.getUTCDay() - (weekStart % 7) + 7) % 7;
  const at = new Date(first.getTime() - from * 86_400_000);
  const weeks: string[][] = [];
  while (at <= last) {
    const week: string[] = [];
    for (let place = 0; place < 7; place += 1) {
      week.push(day(at));
      at.setUTCDate(at.getUTCDate() + 1);
    }
    weeks.push(week);
  }
  return weeks;
}

/** The week that a day is in. */
export function weekOf(date: string, weekStart: number): string[] {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() - (weekStart % 7) + 7) % 7));
  return Array.from({ length: 7 }, (_, place) => day(new Date(at.getTime() + place * 86_400_000)));
}
