/** What forms say. */

export const en = {
  done: "Done",
  retired: "These fields were removed while you were typing. What you typed in them is not saved.",
  rowOf: (place: number, total: number) => `${place} of ${total}`,
  rowsKeep: "Rows that are saved keep their order. New rows can be moved.",
  wholeRow: (place: number) => `Open row ${place}`,
};

export const zh: typeof en = {
  done: "完成",
  retired: "以下字段在您填写期间已被停用，其中填写的内容不会保存。",
  rowOf: (place, total) => `第 ${place} 行，共 ${total} 行`,
  rowsKeep: "已保存的行保持原有顺序，新行可以移动。",
  wholeRow: (place) => `打开第 ${place} 行`,
};
