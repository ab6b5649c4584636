/** What pickers of records say, and the form of a record that is made for one. */

export const en = {
  createTyped: (text: string) => `Create “${text}”`,
  goOn: (title: string) => `Go on with ${title}`,
  take: "Use it",
  savedWith: "It is created when the record that refers to it is saved.",
  unsaved: (title: string) => `${title} (new)`,
};

export const zh: typeof en = {
  createTyped: (text) => `新建「${text}」`,
  goOn: (title) => `继续填写 ${title}`,
  take: "使用",
  savedWith: "保存引用它的记录时一并创建。",
  unsaved: (title) => `${title}（新）`,
};
