/** What charts say. */

export const en = {
  chartKind: "Shown as",
  kinds: {
    BAR: "Bars",
    LINE: "Line",
    AREA: "Area",
    PIE: "Pie",
    FUNNEL: "Funnel",
    NUMBER: "Number",
    TABLE: "Table",
    LIST: "List",
    TEXT: "Text",
  } as Record<string, string>,
  noSecond: "nothing",
  stacked: "And by",
  total: "Total",
};

export const zh: typeof en = {
  chartKind: "图形",
  kinds: {
    BAR: "柱形图",
    LINE: "折线图",
    AREA: "面积图",
    PIE: "饼图",
    FUNNEL: "漏斗图",
    NUMBER: "数字",
    TABLE: "表格",
    LIST: "列表",
    TEXT: "文字",
  },
  noSecond: "无",
  stacked: "再按",
  total: "合计",
};
