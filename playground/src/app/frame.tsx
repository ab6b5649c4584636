/** What stands around every page: menus, search, the account, and what concerns all pages. */

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { QueryClientProvider } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { I18nProvider } from "react-aria-components";
import { House, Menu as MenuIcon, Plus, Search } from "lucide-react";
import { client, useShell } from "../api/cache";
import { hangUp } from "../api/live";
import { forgetFingerprint } from "../api/transport";
import { knownAccount } from "../signin/session";
import { viewedAs } from "../signin/viewing";
import { useLang, useTexts } from "../texts";
import { Failed, Skeleton } from "../ui/states";
import { Toasts } from "../ui/toasts";
import { AccountMenu } from "./account-menu";
import styles from "./frame.module.css";
import { useKeys } from "../ui/keys";
import { followViewer } from "./live";
import { Menus } from "./menus";
import { PeekHost } from "./peek-host";
import { SignInAgain } from "./sign-in-again";

const palette = () => import("./palette");
const Palette = lazy(async () => ({ default: (await palette()).Palette }));
const ViewAsBar = lazy(async () => ({ default: (await import("./view-as-bar")).ViewAsBar }));
const JobTray = lazy(async () => ({ default: (await import("./jobs")).JobTray }));

/** Who has filled what the page keeps. */
let reader = knownAccount();

/** Whoever is signed in now starts with nothing of the last one's. */
function emptied() {
  if (knownAccount() !== reader) {
    client.clear();
    hangUp();
    forgetFingerprint();
  }
  reader = knownAccount();
}

export function Frame() {
  useState(emptied);
  const lang = useLang();
  const spoken = useRef(lang);
  useEffect(() => {
    // Labels and messages are the server's, in the language that it was asked in.
    if (spoken.current !== lang) void client.invalidateQueries();
    spoken.current = lang;
  }, [lang]);
  return (
    <QueryClientProvider client={client}>
      <I18nProvider locale={lang === "zh" ? "zh-CN" : "en-GB"}>
        <Regions />
        <Toasts />
      </I18nProvider>
    </QueryClientProvider>
  );
}

/** Menus, head, page. */
function Regions() {
  const t = useTexts();
  const shell = useShell();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [finding, find] = useState(false);
  const [menuOpen, openMenu] = useState(false);
  useEffect(followViewer, []);
  useEffect(() => {
    // Once the page is drawn, so that whoever presses Ctrl+K types at once.
    const timer = setTimeout(() => void palette().catch(() => undefined), 500);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => openMenu(false), [path]);
  const plural = /^\/o\/([^/]+)/.exec(path)?.[1];
  const object = shell.data?.objects.find((known) => known.plural === plural);
  useKeys({
    "Control+k": () => find(true),
    "g h": () => void navigate({ to: "/home" }),
    n: () => {
      if (object?.may.includes("CREATE")) void navigate({ to: "/o/$plural/new", params: { plural: plural! } });
    },
  });
  useEffect(() => {
    if (!menuOpen) return;
    document.querySelector<HTMLElement>("aside select, aside nav a")?.focus();
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape") openMenu(false);
    };
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, [menuOpen]);

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#page">
        {t.skip}
      </a>
      <aside
        className={`${styles.side} ${menuOpen ? styles.open : ""}`}
        onClick={(event) => {
          if ((event.target as Element).closest("a")) openMenu(false);
        }}
      >
        <Link to="/home" className={styles.brand}>
          <img src="/playground/icon.svg" alt="" width="22" height="22" />
          Tradewind
        </Link>
        {shell.data && <Menus shell={shell.data} path={path} />}
      </aside>
      <header className={styles.top}>
        <button className={styles.find} onClick={() => find(true)} aria-keyshortcuts="Control+K">
          <Search size={16} aria-hidden="true" />
          {t.palette}
          <kbd>Ctrl K</kbd>
        </button>
        <span className={styles.space} />
        {shell.data?.viewer.may.includes("DEFINE") && (
          <Suspense fallback={null}>
            <JobTray />
          </Suspense>
        )}
        {shell.data && <AccountMenu viewer={shell.data.viewer} />}
      </header>
      <main className={styles.page} id="page" tabIndex={-1}>
        {viewedAs() !== null && (
          <Suspense fallback={null}>
            <ViewAsBar />
          </Suspense>
        )}
        {shell.isError && <Failed error={shell.error} retry={() => void shell.refetch()} />}
        {shell.isPending ? <Skeleton /> : shell.data && <Outlet />}
      </main>
      <nav className={styles.bottom} aria-label={t.menu}>
        <Link to="/home" aria-current={path === "/home" ? "page" : undefined}>
          <House size={20} aria-hidden="true" />
          {t.home}
        </Link>
        <button onClick={() => find(true)}>
          <Search size={20} aria-hidden="true" />
          {t.search}
        </button>
        {object?.may.includes("CREATE") && (
          <Link to="/o/$plural/new" params={{ plural: plural! }}>
            <Plus size={20} aria-hidden="true" />
            {t.create}
          </Link>
        )}
        <button aria-expanded={menuOpen} onClick={() => openMenu(!menuOpen)}>
          <MenuIcon size={20} aria-hidden="true" />
          {t.menu}
        </button>
      </nav>
      {finding && shell.data && (
        <Suspense fallback={null}>
          <Palette shell={shell.data} close={() => find(false)} />
        </Suspense>
      )}
      <PeekHost />
      <SignInAgain />
    </div>
  );
}
