/** What a page does not show yet: put into the chosen section by a press, or where it is dragged. */

import { useId, useState } from "react";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useLang } from "../../texts";
import type { Sorting } from "../../ui/sorting";
import admin from "../admin.module.css";
import type { Design } from "./design";
import { NewField } from "./new-field";
import type { Known, Offer } from "./known";
import styles from "./layouts.module.css";

interface Props {
  design: Design;
  known: Known;
  sorting: Sorting;
  into: number | null;
  choose: (section: number) => void;
  add: (key: string) => void;
}

export function Palette({ design, known, sorting, into, choose, add }: Props) {
  const a = useArea(layouts);
  const zh = useLang() === "zh";
  const id = useId();
  const [typed, type] = useState("");
  const wanted = typed.trim().toLowerCase();
  const fits = ({ key, label }: Offer) => `${label} ${key}`.toLowerCase().includes(wanted);
  const fields = known.offers.filter((offer) => !offer.list && fits(offer));
  const lists = known.offers.filter((offer) => offer.list && fits(offer));
  const named = (node: { label: string; labelEn: string }) =>
    (zh ? node.label || node.labelEn : node.labelEn || node.label) || a.noTitle;
  const offer = ({ key, label }: Offer) => (
    <button
      key={key}
      className={styles.offer}
      data-offer={key}
      {...sorting.source("item", key)}
      onClick={() => add(key)}
    >
      {label}
    </button>
  );
  return (
    <aside className={styles.side} aria-labelledby={id}>
      <h2 id={id}>{a.palette}</h2>
      <label className={admin.form}>
        <span className={admin.muted}>{a.addTo}</span>
        <select value={into ?? ""} onChange={(event) => choose(Number(event.target.value))}>
          {design.tabs.map((tab) => (
            <optgroup key={tab.id} label={named(tab)}>
              {tab.sections.map((section) => (
                <option key={section.id} value={section.id}>
                  {named(section)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <input
        type="search"
        aria-label={a.findField}
        placeholder={a.findField}
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
      {fields.length > 0 && <div className={styles.palette}>{fields.map(offer)}</div>}
      {lists.length > 0 && (
        <>
          <h3>{a.lists}</h3>
          <div className={styles.palette}>{lists.map(offer)}</div>
        </>
      )}
      {wanted === "" && known.offers.length === 0 && <p className={admin.muted}>{a.allPlaced}</p>}
      <NewField object={known.object.name} />
      <h3>{a.others}</h3>
      <div className={styles.palette}>{offer({ key: "text", label: a.text, list: false })}</div>
    </aside>
  );
}
