/** What is said where something is done with records by name. */

export const en = {
  actOn: "Actions",
  check: "Check",
  close: "Close",
  closedBy: {
    STATE: "The state of the record does not allow it.",
    CONDITION: "The record does not meet the condition.",
  },
  doneNamed: (action: string, title: string) => `${action}: ${title} – done`,
  made: (action: string) => `“${action}” has made`,
  makes: (labels: string[]) => `This makes: ${labels.join(", ")}.`,
  makeAlike: "Make it all the same",
  openMade: (label: string) => `Open: ${label}`,
  under: (label: string, text: string) => `${label}: ${text}`,
  tried: (count: number) => `Nothing stands against it for ${count} records. Nothing is done yet.`,
};

export const zh: typeof en = {
  actOn: "操作",
  check: "检查",
  close: "关闭",
  closedBy: {
    STATE: "记录当前状态不允许此操作。",
    CONDITION: "记录不满足此操作的条件。",
  },
  doneNamed: (action, title) => `${action}：${title} 已完成`,
  made: (action) => `“${action}”已创建`,
  makes: (labels) => `将创建：${labels.join("、")}。`,
  makeAlike: "仍然创建",
  openMade: (label) => `打开${label}`,
  under: (label, text) => `${label}：${text}`,
  tried: (count) => `${count} 条记录均可执行，尚未执行。`,
};
