/** What the page where one begins says. */

export const en = {
  allDay: "all day",
  arrange: "Arrange",
  blocks: { day: "My day", recents: "Lately", drafts: "Not saved yet", dashboards: "Dashboards" } as Record<
    string,
    string
  >,
  down: (block: string) => `${block}: further down`,
  freeDay: "Nothing is planned for this day.",
  hide: (block: string) => `Hide: ${block}`,
  nextDay: "Next day",
  overdue: "overdue",
  previousDay: "Day before",
  schedule: "Schedule",
  show: (block: string) => `Show: ${block}`,
  tasks: "To do",
  today: "Today",
  up: (block: string) => `${block}: further up`,
};

export const zh: typeof en = {
  allDay: "全天",
  arrange: "调整版块",
  blocks: { day: "我的一天", recents: "最近打开", drafts: "未保存的内容", dashboards: "仪表盘" },
  down: (block: string) => `${block}：下移`,
  freeDay: "这一天没有安排。",
  hide: (block: string) => `隐藏：${block}`,
  nextDay: "后一天",
  overdue: "已逾期",
  previousDay: "前一天",
  schedule: "日程",
  show: (block: string) => `显示：${block}`,
  tasks: "待办",
  today: "今天",
  up: (block: string) => `${block}：上移`,
};
