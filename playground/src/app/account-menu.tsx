/** Who is signed in, and what concerns this browser: language, theme, sign-out, the GraphQL pages. */

import { useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { CircleUser } from "lucide-react";
import type { Viewer } from "../api/metadata";
import { setLang } from "../signin/session";
import { viewedAs } from "../signin/viewing";
import { useLang, useTexts } from "../texts";
import { Menu } from "../ui/menu";
import { setTheme, type Theme, theme } from "../ui/theme";

export function AccountMenu({ viewer }: { viewer: Viewer }) {
  const t = useTexts();
  const lang = useLang();
  const navigate = useNavigate();
  const [chosen, choose] = useState(theme);
  const paint = (next: Theme) => () => {
    setTheme(next);
    choose(next);
  };
  return (
    <Menu
      kind="quiet"
      label={`${t.account}: ${viewer.name}`}
      choices={[
        ...(viewedAs() === null ? [{ key: "me", label: t.myAccount, run: () => void navigate({ to: "/me" }) }] : []),
        {
          key: "language",
          label: lang === "zh" ? "English" : "中文",
          run: () => setLang(lang === "zh" ? "en" : "zh"),
        },
        { key: "light", label: t.light, selected: chosen === "light", run: paint("light") },
        { key: "dark", label: t.dark, selected: chosen === "dark", run: paint("dark") },
        { key: "system", label: t.browser, selected: chosen === "system", run: paint("system") },
        ...(viewer.may.some((one) => one === "DEFINE" || one === "RIGHTS")
          ? [{ key: "admin", label: t.administration, run: () => void navigate({ to: "/admin" }) }]
          : []),
        { key: "graphql", label: `GraphQL · ${t.records}`, run: () => location.assign("/graphql") },
        { key: "metadata", label: "GraphQL · /metadata", run: () => location.assign("/metadata") },
        {
          key: "out",
          label: t.signOut,
          detail: viewer.account,
          run: () => void navigate({ to: "/signin", state: { out: true } as object }),
        },
      ]}
    >
      <CircleUser size={18} aria-hidden="true" />
      {viewer.name}
    </Menu>
  );
}
