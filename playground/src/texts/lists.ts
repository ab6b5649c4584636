/** What lists say beside what every page says: cells, groups, columns, conditions over relations. */

export const en = {
  byPeriod: (label: string, period: string) => `${label}, by ${period}`,
  cannotOffline: "Not saved: the server cannot be reached.",
  cellsChanged: (cells: number) => (cells === 1 ? "1 value changed." : `${cells} values changed.`),
  cellsRefused: (cells: number, reason: string) =>
    cells === 1 ? `Not changed: ${reason}` : `${cells} values not changed. The first: ${reason}`,
  changedMeanwhile: (theirs: string) => `Somebody has changed this meanwhile, to “${theirs}”. Type again to change it.`,
  fieldReadOnly: (label: string) => `${label} cannot be changed here.`,
  group: "Group",
  groupsShown: (shown: number, all: number) => `The first ${shown} of ${all} groups. Conditions narrow them down.`,
  maskedCell: (label: string) => `You see only part of ${label}: it cannot be changed here.`,
  recordReadOnly: (title: string) => `You may read “${title}”, not change it.`,
  recordsIn: (count: number) => (count === 1 ? "1 record" : `${count} records`),
  sum: "Sum",
  tooMany: (most: number) => `At most ${most} records can be changed at once.`,
  undone: "Undone.",
  ungrouped: "Not grouped",
};

export const zh: typeof en = {
  byPeriod: (label, period) => `${label}，按${period}`,
  cannotOffline: "未保存：无法连接服务器。",
  cellsChanged: (cells) => `已修改 ${cells} 个值。`,
  cellsRefused: (cells, reason) => (cells === 1 ? `未修改：${reason}` : `${cells} 个值未修改。第一个：${reason}`),
  changedMeanwhile: (theirs) => `此值刚被他人改为“${theirs}”。如需修改请重新输入。`,
  fieldReadOnly: (label) => `“${label}”不能在此修改。`,
  group: "分组",
  groupsShown: (shown, all) => `共 ${all} 组，显示前 ${shown} 组。可用筛选条件缩小范围。`,
  maskedCell: (label) => `“${label}”只能看到一部分，不能在此修改。`,
  recordReadOnly: (title) => `“${title}”您只能查看，不能修改。`,
  recordsIn: (count) => `共 ${count} 条`,
  sum: "合计",
  tooMany: (most) => `一次最多修改 ${most} 条记录。`,
  undone: "已撤销。",
  ungrouped: "不分组",
};
