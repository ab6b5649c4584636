/** What lists say beside what every page says: cells, groups, columns, conditions over relations. */

export const en = {
  cannotOffline: "Not saved: the server cannot be reached.",
  cellsChanged: (cells: number) => (cells === 1 ? "1 value changed." : `${cells} values changed.`),
  cellsRefused: (cells: number, reason: string) =>
    cells === 1 ? `Not changed: ${reason}` : `${cells} values not changed. The first: ${reason}`,
  changedMeanwhile: (theirs: string) => `Somebody has changed this meanwhile, to “${theirs}”. Type again to change it.`,
  fieldReadOnly: (label: string) => `${label} cannot be changed here.`,
  maskedCell: (label: string) => `You see only part of ${label}: it cannot be changed here.`,
  recordReadOnly: (title: string) => `You may read “${title}”, not change it.`,
  tooMany: (most: number) => `At most ${most} records can be changed at once.`,
  undone: "Undone.",
};

export const zh: typeof en = {
  cannotOffline: "未保存：无法连接服务器。",
  cellsChanged: (cells) => `已修改 ${cells} 个值。`,
  cellsRefused: (cells, reason) => (cells === 1 ? `未修改：${reason}` : `${cells} 个值未修改。第一个：${reason}`),
  changedMeanwhile: (theirs) => `此值刚被他人改为“${theirs}”。如需修改请重新输入。`,
  fieldReadOnly: (label) => `“${label}”不能在此修改。`,
  maskedCell: (label) => `“${label}”只能看到一部分，不能在此修改。`,
  recordReadOnly: (title) => `“${title}”您只能查看，不能修改。`,
  tooMany: (most) => `一次最多修改 ${most} 条记录。`,
  undone: "已撤销。",
};
