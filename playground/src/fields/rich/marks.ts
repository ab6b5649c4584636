/**
 * What a rich text may have in it, as the server cleans it (`src/base/html.rs`): what the bar sets, and what came from
 * elsewhere and is kept as it is. Nothing here writes a `style`, which our policy refuses.
 */

import { type Extensions, Mark, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList } from "@tiptap/extension-list/bullet-list";
import { ListItem } from "@tiptap/extension-list/item";
import { ListKeymap } from "@tiptap/extension-list/keymap";
import { OrderedList } from "@tiptap/extension-list/ordered-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { TableCell } from "@tiptap/extension-table/cell";
import { TableHeader } from "@tiptap/extension-table/header";
import { TableRow } from "@tiptap/extension-table/row";
import { Table } from "@tiptap/extension-table/table";
import { Text } from "@tiptap/extension-text";
import { Underline } from "@tiptap/extension-underline";
import { UndoRedo } from "@tiptap/extensions/undo-redo";
import { addressOf } from "./addresses";

/** Marks that have no button. */
const KEPT = ["sub", "sup", "small", "mark", "ins", "del", "kbd", "samp", "var", "cite", "q", "abbr", "dfn"];

const kept = KEPT.map((tag) => Mark.create({ name: tag, parseHTML: () => [{ tag }], renderHTML: () => [tag, 0] }));

/** A picture: its address leads outside, where our policy loads nothing from, so what it shows is told in words. */
const picture = (word: string) =>
  Node.create({
    name: "picture",
    inline: true,
    group: "inline",
    atom: true,
    addAttributes: () =>
      Object.fromEntries(["src", "alt", "title", "width", "height"].map((name) => [name, { default: null }])),
    parseHTML: () => [{ tag: "img" }],
    renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
    addNodeView: () => (view) => {
      const dom = document.createElement("span");
      dom.dataset.picture = "";
      dom.textContent = `[${(view.node.attrs.alt as string | null) ?? word}]`;
      return { dom };
    },
  });

/** Ctrl+Enter saves what is typed; a line is broken by Shift+Enter. */
const Break = HardBreak.extend({
  addKeyboardShortcuts: () => ({ "Shift-Enter": ({ editor }) => editor.commands.setHardBreak() }),
});

/** Cells span; how they are aligned and how wide they are is the reader's page's. */
const spans = {
  colspan: { default: 1 },
  rowspan: { default: 1 },
  colwidth: { default: null, rendered: false, parseHTML: () => null },
};

const tables = [
  Table.extend({
    renderHTML: () => ["table", ["tbody", 0]],
    // Tab leaves the last cell, and with it the field.
    addKeyboardShortcuts: () => ({
      Tab: ({ editor }) => editor.commands.goToNextCell(),
      "Shift-Tab": ({ editor }) => editor.commands.goToPreviousCell(),
    }),
  }),
  TableRow,
  TableHeader.extend({ addAttributes: () => spans }),
  TableCell.extend({ addAttributes: () => spans }),
];

/** All of it; `word` is what a picture without words is called. */
export const richText = (word: string): Extensions => [
  Document,
  Paragraph,
  Text,
  Bold,
  Italic,
  Underline,
  Strike,
  Code,
  Heading.configure({ levels: [1, 2, 3, 4, 5, 6] }),
  BulletList,
  OrderedList,
  ListItem,
  ListKeymap,
  Blockquote,
  CodeBlock,
  HorizontalRule,
  Break,
  Link.configure({
    openOnClick: false,
    protocols: ["mailto", "tel"],
    defaultProtocol: "https",
    HTMLAttributes: { target: null, rel: null, class: null },
    isAllowedUri: (url) => addressOf(url) !== null,
  }),
  ...tables,
  ...kept,
  picture(word),
  UndoRedo,
];
