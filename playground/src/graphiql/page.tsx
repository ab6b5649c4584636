/**
 * The page of one endpoint. The other endpoint is another address, not another state of this page:
 * GraphiQL keeps one schema and one set of tabs per page.
 */

import { useMemo, useState, useSyncExternalStore } from "react";
import { GraphiQLInterface } from "graphiql";
import { DOC_EXPLORER_PLUGIN, DocExplorerContextProvider } from "@graphiql/plugin-doc-explorer";
import { HISTORY_PLUGIN, HistoryContextProvider } from "@graphiql/plugin-history";
import { GraphiQLProvider } from "@graphiql/react";
import { remember } from "./examples";
import { Examples } from "./examples-list";
import { follow } from "./live";
import { isSubscription, meant, type Params } from "./operation";
import { account, currentLang, send, setLang, subscribe } from "../signin/session";
import { SignIn } from "./sign-in";
import { texts } from "./texts";

export type Endpoint = "/graphql" | "/metadata";

const plugins = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];

/** localStorage under a prefix, so that each endpoint has its own tabs and history. */
function storageFor(endpoint: Endpoint) {
  const prefix = `tradewind${endpoint}:`;
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    get length() {
      return keys().length;
    },
    getItem: (key: string) => localStorage.getItem(prefix + key),
    setItem: (key: string, value: string) => localStorage.setItem(prefix + key, value),
    removeItem: (key: string) => localStorage.removeItem(prefix + key),
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  };
}

export function Page({ endpoint }: { endpoint: Endpoint }) {
  const lang = useSyncExternalStore(subscribe, currentLang);
  const user = useSyncExternalStore(subscribe, account);
  const t = texts(lang);
  const [examplesShown, showExamples] = useState(false);
  const storage = useMemo(() => storageFor(endpoint), [endpoint]);
  // A new function for each person, so that GraphiQL asks for the schema this person may see.
  const fetcher = useMemo(
    () => async (asked: Params, options?: { headers?: Record<string, string> }) => {
      const params = meant(asked);
      if (isSubscription(params)) return follow(endpoint, params) as never;
      const answer = await send(endpoint, params, options?.headers);
      remember(params.operationName ?? undefined, answer);
      return answer as never;
    },
    [endpoint, user],
  );
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";

  return (
    <div className="tw-page">
      <header className="tw-bar">
        <h1 className="tw-title">
          <a className="tw-brand" href="/">
            <img src="/playground/icon.svg" alt="" width="24" height="24" />
            Tradewind
          </a>
        </h1>
        <nav className="tw-switch" aria-label="GraphQL">
          {(["/graphql", "/metadata"] as const).map((path) => (
            <a
              key={path}
              href={path}
              title={`POST ${path}`}
              aria-current={path === endpoint ? "page" : undefined}
            >
              {path === "/graphql" ? t.records : t.metadata}
            </a>
          ))}
        </nav>
        <button
          className="tw-quiet tw-examples-open"
          aria-expanded={examplesShown}
          onClick={() => showExamples(!examplesShown)}
        >
          {t.examples}
        </button>
        <span className="tw-space" />
        <SignIn user={user} t={t} />
        <button
          className="tw-quiet"
          title={t.languageTitle}
          onClick={() => setLang(lang === "zh" ? "en" : "zh")}
        >
          {t.language}
        </button>
      </header>
      <GraphiQLProvider
        // Made anew for each person, so that nobody sees the last one's answers.
        key={user}
        fetcher={fetcher}
        // Without a sign-in there is no schema to ask for.
        schema={user === null ? null : undefined}
        storage={storage}
        plugins={plugins}
        referencePlugin={DOC_EXPLORER_PLUGIN}
        defaultQuery={t.welcome}
        shouldPersistHeaders={false}
      >
        <main className="tw-main">
          {user === null && <p className="tw-note">{t.needsSignIn}</p>}
          <div className="tw-desk">
            <Examples
              endpoint={endpoint}
              lang={lang}
              shown={examplesShown}
              onChosen={() => showExamples(false)}
            />
            <HistoryContextProvider>
              <DocExplorerContextProvider>
                <GraphiQLInterface
                  defaultEditorToolsVisibility="variables"
                  isHeadersEditorEnabled
                  showPersistHeadersSettings={false}
                >
                  {[]}
                </GraphiQLInterface>
              </DocExplorerContextProvider>
            </HistoryContextProvider>
          </div>
        </main>
      </GraphiQLProvider>
    </div>
  );
}
