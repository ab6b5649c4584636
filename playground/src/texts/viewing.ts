/** Texts of reading as someone else. */

export const en = {
  as: (name: string) => `You read as ${name}. Nothing can be changed.`,
  begin: "View as this person",
  end: "End",
  group: "View as",
};

export const zh: typeof en = {
  as: (name) => `您正以${name}的身份查看，不能修改任何内容。`,
  begin: "以此人身份查看",
  end: "结束",
  group: "以他人身份查看",
};
