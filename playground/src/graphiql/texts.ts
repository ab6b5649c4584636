/** What the page says, in both languages. */

import type { Lang } from "../signin/session";

const en = {
  records: "Records",
  metadata: "Administration",
  account: "Account",
  password: "Password",
  demoAccount: "Demo account…",
  signIn: "Sign in",
  signingIn: "Signing in…",
  signOut: "Sign out",
  examples: "Examples",
  examplesHint: "Each opens in a tab; run it with Ctrl+Enter.",
  welcome: "# Choose an example on the left, or write an operation here.\n",
  needsSignIn: "Sign in to see the schema and run operations.",
  language: "中文",
  languageTitle: "切换到中文",
};

const zh: typeof en = {
  records: "业务数据",
  metadata: "系统管理",
  account: "账号",
  password: "密码",
  demoAccount: "演示账号…",
  signIn: "登录",
  signingIn: "正在登录…",
  signOut: "退出登录",
  examples: "示例",
  examplesHint: "点击后在标签页中打开，按 Ctrl+Enter 运行。",
  welcome: "# 请选择左侧的示例，或在此编写操作。\n",
  needsSignIn: "登录后即可查看结构并运行操作。",
  language: "English",
  languageTitle: "Switch to English",
};

export const texts = (lang: Lang) => (lang === "zh" ? zh : en);
