/** One object in the designer: its fields, what can be done with each, and the draft beside them. */

import { type FormEvent, useEffect, useMemo, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import * as layouts from "../texts/layouts";
import * as objects from "../texts/objects";
import { useArea } from "../texts/area";
import { useLang, useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Menu } from "../ui/menu";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { AddField } from "./add-field";
import styles from "./admin.module.css";
import { BehaviourOf } from "./behaviour/of-object";
import { ALL_DEFINITIONS, DEFINED_OBJECT } from "./documents";
import { DraftPanel } from "./draft-panel";
import { EditField } from "./objects/edit-field";
import { EditObject } from "./objects/edit-object";
import { EditValues } from "./objects/edit-values";
import looks from "./objects/objects.module.css";
import { RetiredList } from "./objects/retired";
import { argument, definitions, type Member, membersOf } from "./objects/sdl";
import type { LiveValue } from "./objects/values";
import { type DraftEditor, useSchemaDraft } from "./use-draft";

interface Field {
  name: string;
  label: string;
  type: string;
  required: boolean;
  custom: boolean;
  target: string | null;
  help: string | null;
  hidden: boolean;
  options: LiveValue[] | null;
}

interface Told {
  object: {
    name: string;
    label: string;
    labelZh: string | null;
    labelEn: string | null;
    plural: string | null;
    custom: boolean;
    fields: Field[];
  } | null;
}

interface Texts {
  definitions: { text: string }[];
}

/** An object that is in the draft alone; its fields are those of the draft. */
function draftedObject(text: string, name: string, zh: boolean): Told["object"] {
  const found = definitions(text).find((one) => one.name === name && one.keyword === "type" && !one.extend);
  if (found === undefined) return null;
  const [labelZh, labelEn] = [argument(found, "object", "label"), argument(found, "object", "labelEn")];
  const label = (zh ? (labelZh ?? labelEn) : (labelEn ?? labelZh)) ?? name;
  return { name, label, labelZh, labelEn, plural: null, custom: true, fields: [] };
}

export function ObjectPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Fields name={name} /> : <NotThere />;
}

function Fields({ name }: { name: string }) {
  const t = useTexts();
  const editor = useSchemaDraft();
  const [adding, add] = useState(false);
  const [renaming, rename] = useState<Field | null>(null);
  const [editing, edit] = useState<string | null>(null);
  const [listing, list] = useState<{ name: string; label: string; live: LiveValue[] } | null>(null);
  const [heading, editHead] = useState(false);
  const a = useArea(objects);
  const l = useArea(layouts);
  const zh = useLang() === "zh";
  const shell = useShell().data;
  const drafted = useMemo(() => membersOf(editor.text, name), [editor.text, name]);
  const [error, setError] = useState<unknown>(null);
  const told = useQuery({
    queryKey: ["meta", "admin", "object", name],
    queryFn: async () => (await metadata<Told>(DEFINED_OBJECT, { object: name })).object,
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = `${told.data?.label ?? name} · ${t.objects} · Tradewind`;
  }, [told.data, name, t]);
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined || editor.read.data === undefined) return <Skeleton />;
  const object = told.data ?? draftedObject(editor.text, name, zh);
  if (object === null) return <NotThere />;
  const live = new Set(object.fields.map((field) => field.name));
  // What the draft adds is not live yet, and stands with the rest all the same.
  const added = drafted.filter((member) => !live.has(member.name) && argument(member, "standard", "label") === null);
  const titleOf = (one: Member) => {
    const [label, english] = [argument(one, "field", "label"), argument(one, "field", "labelEn")];
    return (zh ? (label ?? english) : (english ?? label)) ?? one.name;
  };
  const member = drafted.find((one) => one.name === editing);
  const bare = (type: string) => type.replace(/[[\]!]/g, "");
  const isRelation = (type: string) =>
    shell?.objects.some((one) => one.name === type) === true ||
    definitions(editor.text).some((one) => one.name === type && one.keyword === "type");
  /** Opens the values of a picklist; which one it is, the texts of the definitions say. */
  const openValues = async (field: Field) => {
    try {
      const own = drafted.find((one) => one.name === field.name)?.type;
      const texts = own !== undefined ? [] : (await metadata<Texts>(ALL_DEFINITIONS)).definitions;
      const type =
        own ?? texts.flatMap(({ text }) => membersOf(text, name)).find((one) => one.name === field.name)?.type;
      if (type !== undefined) list({ name: bare(type), label: field.label, live: field.options ?? [] });
    } catch (problem) {
      setError(problem);
    }
  };
  const step = (one: Record<string, unknown>) => void editor.edit([one]).then(() => setError(null), setError);

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>
          <Link to="/admin/objects">{t.objects}</Link> / {object.label}
        </h1>
        {object.plural !== null && (
          <Link to="/o/$plural" params={{ plural: object.plural }}>
            {t.records}
          </Link>
        )}
        {told.data !== null && (
          <>
            <Link to="/admin/layouts/$name" params={{ name }}>
              {l.title}
            </Link>
            <Button onPress={() => editHead(true)}>{a.editObject}…</Button>
          </>
        )}
        <Button kind="main" onPress={() => add(true)}>
          {t.addField}
        </Button>
      </div>
      {error !== null && <Failed error={error} />}
      <div className={styles.two}>
        <div className={styles.table} role="region" aria-label={t.fields} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.label}</th>
                <th scope="col">{t.apiName}</th>
                <th scope="col">{t.type}</th>
                <th scope="col">{t.needed}</th>
                <th scope="col">{t.origin}</th>
                <th scope="col">{t.more}</th>
              </tr>
            </thead>
            <tbody>
              {object.fields.map((field) => (
                <tr key={field.name}>
                  <td title={field.help ?? undefined}>{field.label}</td>
                  <td>{field.name}</td>
                  <td>
                    {t.types[field.type] ?? field.type}
                    {field.target !== null && (
                      <>
                        {" → "}
                        <Link to="/admin/objects/$name" params={{ name: field.target }} className={looks.link}>
                          {field.target}
                        </Link>
                      </>
                    )}
                  </td>
                  <td>{field.required ? t.yes : ""}</td>
                  <td>{field.custom ? t.ownObject : t.standardObject}</td>
                  <td>
                    {!field.name.includes(".") && (
                      <Menu
                        icon
                        kind="quiet"
                        label={`${t.more}: ${field.label}`}
                        choices={[
                          ...(drafted.some((one) => one.name === field.name) && field.custom
                            ? [{ key: "edit", label: `${a.edit}…`, run: () => edit(field.name) }]
                            : []),
                          { key: "label", label: `${t.relabel}…`, run: () => rename(field) },
                          ...(field.options !== null
                            ? [{ key: "values", label: `${a.values}…`, run: () => void openValues(field) }]
                            : []),
                          ...(field.custom
                            ? [
                                {
                                  key: "retire",
                                  label: t.retire,
                                  run: () => step({ retireField: { object: object.name, field: field.name } }),
                                },
                              ]
                            : []),
                        ]}
                      >
                        <Ellipsis size={15} aria-hidden="true" />
                      </Menu>
                    )}
                  </td>
                </tr>
              ))}
              {added.map((one) => (
                <tr key={one.name}>
                  <td>
                    {titleOf(one)} <span className={looks.new}>{a.newInDraft}</span>
                  </td>
                  <td>{one.name}</td>
                  <td>
                    {isRelation(bare(one.type)) ? (
                      <Link to="/admin/objects/$name" params={{ name: bare(one.type) }} className={looks.link}>
                        {one.type}
                      </Link>
                    ) : (
                      one.type
                    )}
                  </td>
                  <td>{one.type.endsWith("!") ? t.yes : ""}</td>
                  <td>{t.ownObject}</td>
                  <td>
                    <Menu
                      icon
                      kind="quiet"
                      label={`${t.more}: ${one.name}`}
                      choices={[
                        { key: "edit", label: `${a.edit}…`, run: () => edit(one.name) },
                        {
                          key: "retire",
                          label: t.retire,
                          run: () => step({ retireField: { object: object.name, field: one.name } }),
                        },
                      ]}
                    >
                      <Ellipsis size={15} aria-hidden="true" />
                    </Menu>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className={styles.form}>
          <DraftPanel editor={editor} />
          <RetiredList editor={editor} object={object.name} />
        </div>
      </div>
      <BehaviourOf object={name} label={object.label} />
      {member !== undefined && (
        <EditField
          editor={editor}
          object={object.name}
          label={titleOf(member)}
          member={member}
          relation={isRelation(bare(member.type))}
          close={() => edit(null)}
        />
      )}
      {heading && <EditObject editor={editor} object={object} close={() => editHead(false)} />}
      {listing !== null && <EditValues editor={editor} {...listing} close={() => list(null)} />}
      {adding && <AddField editor={editor} object={object.name} close={() => add(false)} />}
      {renaming !== null && (
        <Relabel editor={editor} object={object.name} field={renaming} close={() => rename(null)} />
      )}
    </div>
  );
}

function Relabel({
  editor,
  object,
  field,
  close,
}: {
  editor: DraftEditor;
  object: string;
  field: Field;
  close: () => void;
}) {
  const t = useTexts();
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const given = (name: string) => String(data.get(name)).trim() || undefined;
    try {
      await editor.edit([{ relabel: { object, field: field.name, label: given("label"), labelEn: given("labelEn") } }]);
      close();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Dialog title={`${t.relabel}: ${field.label}`} onClose={close}>
      {error !== null && <Failed error={error} />}
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          {t.labelZh}
          <input name="label" autoFocus />
        </label>
        <label>
          {t.labelEn}
          <input name="labelEn" />
        </label>
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main">
            {t.addToDraft}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
