/** What is said where records get from one state to another. */

export const en = {
  asks: (move: string, title: string) => `${move}: ${title}`,
  asksMany: (move: string, count: number) => `${move}: ${count} records`,
  movedMany: (move: string, count: number) => `${move}: done for ${count} records.`,
  moveThem: "Move on",
  needed: (label: string) => `${label} is required`,
};

export const zh: typeof en = {
  asks: (move, title) => `${move}：${title}`,
  asksMany: (move, count) => `${move}：${count} 条记录`,
  movedMany: (move, count) => `${move}：已完成 ${count} 条记录。`,
  moveThem: "流转",
  needed: (label) => `${label}为必填项`,
};
