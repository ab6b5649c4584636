/** The texts of the set-up checklist. */

export const en = {
  title: "Set-up",
  progress: (done: number, all: number) => `${done} of ${all} done`,
  allDone: "Everything is set up.",
  done: "done",
  open: "to do",
  look: "worth a look",
  records: (label: string, count: number) => `${label}: ${count}`,
  noRecords: (label: string) => `${label}: none yet`,
  departmentsHint: "Begin with the organisation: rights, reach and figures follow its departments.",
  employeesHint: "Enter the people, each in a department, with whom they report to.",
  rolesTitle: (count: number) => `Roles: ${count}`,
  rolesHint: "What each kind of work may see and do.",
  rolesUnheld: (count: number) => (count === 1 ? "1 role is held by nobody." : `${count} roles are held by nobody.`),
  rolesWarned: (count: number) =>
    count === 1 ? "1 role opens less than it says." : `${count} roles open less than they say.`,
  accountsTitle: (count: number) => `Accounts that can sign in: ${count}`,
  accountsHint: "Confirm employees as operators, give each a role and a link to set a password.",
  withoutRole: (count: number) => (count === 1 ? "1 account has no role." : `${count} accounts have no role.`),
  withoutPassword: (count: number) =>
    count === 1 ? "1 account has no password yet." : `${count} accounts have no password yet.`,
  objectsTitle: (count: number) => `Objects of your own: ${count}`,
  objectsHint: "Optional: what the company keeps beside the standard objects.",
  draftWaits: (count: number) =>
    count === 1
      ? "Your draft has 1 change that is not published."
      : `Your draft has ${count} changes that are not published.`,
  layoutsTitle: (count: number) => `Layouts written here: ${count}`,
  layoutsHint: "What lists and pages show. Generated ones will do until somebody wants another.",
  layoutsMissing: (labels: string) => `Not open to others yet, for want of a list and a record page: ${labels}.`,
  layoutsFaulty: (count: number) =>
    count === 1 ? "1 layout names something that is gone." : `${count} layouts name something that is gone.`,
  menusTitle: (count: number) => `Menus written here: ${count}`,
  menusHint: "How people find their way. Generated ones list every object of a system.",
};

export const zh: typeof en = {
  title: "初始设置",
  progress: (done, all) => `已完成 ${done} / ${all}`,
  allDone: "已全部设置完毕。",
  done: "已完成",
  open: "待办",
  look: "请查看",
  records: (label, count) => `${label}：${count}`,
  noRecords: (label) => `${label}：尚无`,
  departmentsHint: "先建立组织机构：权限、范围和业绩都以部门为准。",
  employeesHint: "录入人员，指定所属部门和上级。",
  rolesTitle: (count) => `角色：${count}`,
  rolesHint: "各类岗位可以查看和操作的内容。",
  rolesUnheld: (count) => `有 ${count} 个角色尚未分配给任何人。`,
  rolesWarned: (count) => `有 ${count} 个角色的部分授权不起作用。`,
  accountsTitle: (count) => `可登录的账号：${count}`,
  accountsHint: "将人员确认为操作员，分配角色，并发送设置密码的链接。",
  withoutRole: (count) => `有 ${count} 个账号没有角色。`,
  withoutPassword: (count) => `有 ${count} 个账号尚未设置密码。`,
  objectsTitle: (count) => `自定义对象：${count}`,
  objectsHint: "可选：标准对象之外，企业自行管理的内容。",
  draftWaits: (count) => `您的草稿中有 ${count} 项更改尚未发布。`,
  layoutsTitle: (count) => `自行编写的布局：${count}`,
  layoutsHint: "列表和页面显示的内容。没有特别要求时，自动生成的布局即可使用。",
  layoutsMissing: (labels) => `缺少列表和详情页布局，其他人还看不到：${labels}。`,
  layoutsFaulty: (count) => `有 ${count} 个布局引用了已不存在的内容。`,
  menusTitle: (count) => `自行编写的菜单：${count}`,
  menusHint: "人员使用系统的入口。自动生成的菜单列出该系统的所有对象。",
};
