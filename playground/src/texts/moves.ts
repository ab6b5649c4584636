/** What is said where records get from one state to another. */

export const en = {
  asks: (move: string, title: string) => `${move}: ${title}`,
  needed: (label: string) => `${label} is required`,
};

export const zh: typeof en = {
  asks: (move, title) => `${move}：${title}`,
  needed: (label) => `${label}为必填项`,
};
