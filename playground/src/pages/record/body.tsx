/** What a record's page and the look at its side both show: the header, the tabs, the sections. */

import { lazy, Suspense, useEffect, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { LayoutItem } from "../../api/metadata";
import { hasApprovals } from "../../api/approval-state";
import { valueAt } from "../../api/paths";
import { Show } from "../../fields/show";
import { useTexts } from "../../texts";
import ui from "../../ui/ui.module.css";
import styles from "../page.module.css";
import { RecordSection } from "./sections";
import type { OpenRecord } from "./use-record";

const ApprovalPanel = lazy(() => import("../approvals/panel"));

/** How long what a save has altered is marked. */
const MARKED = 8_000;

const NONE: ReadonlySet<string> = new Set();

interface Props {
  open: OpenRecord;
  title: string;
  /** The tab that is shown, by its place. */
  tab: string | undefined;
  setTab: (tab: string) => void;
}

export function RecordBody({ open, title, tab: shown, setTab }: Props) {
  const { layout, record } = open;
  const t = useTexts();
  const [altered, setAltered] = useState(NONE);
  useEffect(() => {
    if (altered.size === 0) return;
    const timer = setTimeout(() => setAltered(NONE), MARKED);
    return () => clearTimeout(timer);
  }, [altered]);
  const hidden = record._hidden ?? [];
  const headed = layout.header.flatMap((name) =>
    layout.fields.filter((field) => field.name === name && !hidden.includes(name)),
  );
  const drawable = (item: LayoutItem) => open.asOf === null || item.__typename !== "TimelineItem";
  const tabs = layout.tabs.filter(({ sections }) => sections.some(({ items }) => items.some(drawable)));
  const drawn = (tab: (typeof tabs)[number]) =>
    tab.sections.map((section, at) => (
      <RecordSection key={at} open={open} section={section} altered={altered} setAltered={setAltered} />
    ));
  return (
    <>
      {headed.length > 0 && (
        <dl className={styles.key}>
          {headed.map((field) => (
            <div key={field.name} className={altered.has(field.name) ? styles.altered : undefined}>
              <dt>{field.label}</dt>
              <dd>
                <Show field={field} value={valueAt(record, field.name)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {open.asOf === null && hasApprovals(open.object) && (
        <Suspense fallback={null}>
          <ApprovalPanel open={open} title={title} />
        </Suspense>
      )}
      {tabs.length === 1 ? (
        <div className={styles.sections}>{drawn(tabs[0]!)}</div>
      ) : (
        <Tabs
          selectedKey={tabs[Number(shown)] === undefined ? "0" : shown!}
          onSelectionChange={(tab) => setTab(String(tab))}
        >
          <TabList className={ui.tabs} aria-label={title}>
            {tabs.map((tab, place) => (
              <Tab key={place} id={String(place)} className={ui.tab}>
                {tab.label ?? t.details}
              </Tab>
            ))}
          </TabList>
          {tabs.map((tab, place) => (
            <TabPanel key={place} id={String(place)} className={`${ui.panel} ${styles.sections}`}>
              {drawn(tab)}
            </TabPanel>
          ))}
        </Tabs>
      )}
    </>
  );
}
