/** The buttons above a rich text. One stop of Tab; arrows go from button to button. */

import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { ChainedCommands, Editor } from "@tiptap/core";
import {
  BetweenHorizontalEnd,
  BetweenVerticalEnd,
  Bold,
  Code,
  Heading2,
  Heading3,
  Italic,
  Link2,
  List,
  ListOrdered,
  type LucideIcon,
  Redo2,
  RemoveFormatting,
  Strikethrough,
  Table2,
  TableColumnsSplit,
  TableRowsSplit,
  TextQuote,
  Underline,
  Undo2,
} from "lucide-react";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/rich";
import { addressOf } from "./addresses";
import styles from "./rich.module.css";

interface Tool {
  icon: LucideIcon;
  label: string;
  run: () => void;
  /** Whether it is set where the cursor is; absent for what is only done. */
  set?: boolean;
  off?: boolean;
  keys?: string;
}

function toolsOf(editor: Editor, a: typeof texts.en, link: () => void): Tool[] {
  const run = (work: (chain: ChainedCommands) => ChainedCommands) => () => void work(editor.chain().focus()).run();
  const can = editor.can();
  const within = editor.isActive("table");
  return [
    { icon: Bold, label: a.bold, set: editor.isActive("bold"), keys: "Control+B", run: run((c) => c.toggleBold()) },
    {
      icon: Italic,
      label: a.italic,
      set: editor.isActive("italic"),
      keys: "Control+I",
      run: run((c) => c.toggleItalic()),
    },
    {
      icon: Underline,
      label: a.underline,
      set: editor.isActive("underline"),
      keys: "Control+U",
      run: run((c) => c.toggleUnderline()),
    },
    { icon: Strikethrough, label: a.strike, set: editor.isActive("strike"), run: run((c) => c.toggleStrike()) },
    {
      icon: Heading2,
      label: a.heading,
      set: editor.isActive("heading", { level: 2 }),
      run: run((c) => c.toggleHeading({ level: 2 })),
    },
    {
      icon: Heading3,
      label: a.subheading,
      set: editor.isActive("heading", { level: 3 }),
      run: run((c) => c.toggleHeading({ level: 3 })),
    },
    { icon: List, label: a.bullets, set: editor.isActive("bulletList"), run: run((c) => c.toggleBulletList()) },
    {
      icon: ListOrdered,
      label: a.numbers,
      set: editor.isActive("orderedList"),
      run: run((c) => c.toggleOrderedList()),
    },
    { icon: TextQuote, label: a.quote, set: editor.isActive("blockquote"), run: run((c) => c.toggleBlockquote()) },
    { icon: Code, label: a.code, set: editor.isActive("code"), run: run((c) => c.toggleCode()) },
    { icon: Link2, label: a.link, set: editor.isActive("link"), run: link },
    ...(within
      ? [
          { icon: BetweenVerticalEnd, label: a.columnAfter, run: run((c) => c.addColumnAfter()) },
          { icon: BetweenHorizontalEnd, label: a.rowAfter, run: run((c) => c.addRowAfter()) },
          { icon: TableColumnsSplit, label: a.columnGone, run: run((c) => c.deleteColumn()) },
          { icon: TableRowsSplit, label: a.rowGone, run: run((c) => c.deleteRow()) },
        ]
      : [
          {
            icon: Table2,
            label: a.table,
            run: run((c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: false })),
          },
        ]),
    { icon: RemoveFormatting, label: a.clear, run: run((c) => c.unsetAllMarks().clearNodes()) },
    { icon: Undo2, label: a.undo, off: !can.undo(), keys: "Control+Z", run: run((c) => c.undo()) },
    { icon: Redo2, label: a.redo, off: !can.redo(), keys: "Control+Y", run: run((c) => c.redo()) },
  ];
}

export function Bar({ editor, label }: { editor: Editor; label: string }) {
  const a = useArea(texts);
  const [linking, askForLink] = useState(false);
  const [stop, setStop] = useState(0);
  const tools = toolsOf(editor, a, () => askForLink(true));
  const pressed = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = (stop + step + tools.length) % tools.length;
    setStop(next);
    event.currentTarget.querySelectorAll("button")[next]?.focus();
  };
  return (
    <>
      <div className={styles.bar} role="toolbar" aria-label={a.toolbar(label)} onKeyDown={pressed}>
        {tools.map(({ icon: Icon, label: name, run, set, off, keys }, place) => (
          <button
            key={name}
            type="button"
            title={keys === undefined ? name : `${name} (${keys.replace("Control", "Ctrl")})`}
            aria-label={name}
            aria-pressed={set}
            aria-disabled={off || undefined}
            aria-keyshortcuts={keys}
            tabIndex={place === Math.min(stop, tools.length - 1) ? 0 : -1}
            // What is marked in the text stays marked.
            onMouseDown={(event) => event.preventDefault()}
            onFocus={() => setStop(place)}
            onClick={() => {
              if (off !== true) run();
            }}
          >
            <Icon size={16} aria-hidden="true" />
          </button>
        ))}
      </div>
      {linking && <LinkForm editor={editor} close={() => askForLink(false)} />}
    </>
  );
}

/** Where a link leads: typed between the buttons and the text. */
function LinkForm({ editor, close }: { editor: Editor; close: () => void }) {
  const a = useArea(texts);
  const before = (editor.getAttributes("link").href as string | undefined) ?? "";
  const [typed, type] = useState(before);
  const [wrong, setWrong] = useState(false);
  const chain = () => editor.chain().focus().extendMarkRange("link");
  const apply = () => {
    const href = addressOf(typed);
    if (href === null) return setWrong(true);
    if (before === "" && editor.state.selection.empty)
      editor
        .chain()
        .focus()
        .insertContent({ type: "text", text: typed.trim(), marks: [{ type: "link", attrs: { href } }] })
        .run();
    else chain().setLink({ href }).run();
    close();
  };
  // It stands within a form of the page, so it is none itself.
  return (
    <div
      className={styles.link}
      role="group"
      aria-label={a.link}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        if (event.key === "Enter" && !event.nativeEvent.isComposing) apply();
        if (event.key === "Escape") {
          close();
          editor.commands.focus();
        }
      }}
    >
      <input
        type="url"
        autoFocus
        aria-label={a.linkAddress}
        aria-invalid={wrong || undefined}
        placeholder="https://"
        value={typed}
        onInput={(event: FormEvent<HTMLInputElement>) => {
          setWrong(false);
          type(event.currentTarget.value);
        }}
      />
      <button type="button" onClick={apply}>
        {a.apply}
      </button>
      {before !== "" && (
        <button
          type="button"
          onClick={() => {
            chain().unsetLink().run();
            close();
          }}
        >
          {a.remove}
        </button>
      )}
      {wrong && <span role="alert">{a.linkWrong}</span>}
    </div>
  );
}
