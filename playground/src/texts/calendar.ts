/** What calendars say. */

export const en = {
  allDay: "All day",
  eventAt: (when: string, title: string) => `${when} ${title}`,
  eventCount: (day: string, count: number) => `${day}: ${count}`,
  moveHint: "Shift and an arrow key move it.",
  moved: (title: string, to: string) => `${title}: ${to}`,
  now: "Now",
  shown: "Shown at once",
  spans: { month: "Month", week: "Week", day: "Day" } as Record<string, string>,
};

export const zh: typeof en = {
  allDay: "全天",
  eventAt: (when, title) => `${when} ${title}`,
  eventCount: (day, count) => `${day}：${count}`,
  moveHint: "按 Shift 加方向键可移动。",
  moved: (title, to) => `${title}：${to}`,
  now: "现在",
  shown: "显示范围",
  spans: { month: "月", week: "周", day: "日" },
};
