/** What the look at a record at the side says, and the way from one record to the next. */

export const en = {
  nextRecord: "Next record",
  noMore: "There is no further record here.",
  openRecord: "Open",
  peek: (title: string) => `Look at ${title} at the side`,
  peekKey: "Look at it at the side (space bar)",
  previousRecord: "Previous record",
  close: "Close",
};

export const zh: typeof en = {
  nextRecord: "下一条记录",
  noMore: "没有更多记录了。",
  openRecord: "打开",
  peek: (title) => `在侧边查看 ${title}`,
  peekKey: "在侧边查看（空格键）",
  previousRecord: "上一条记录",
  close: "关闭",
};
