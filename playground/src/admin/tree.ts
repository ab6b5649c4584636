/** Values in the order of their tree: what is shown, and what is ticked along with what stands above it. Pure. */

import { normalise } from "../values/text";
import type { TreeValue } from "./dimensions";

export interface TreeNode extends TreeValue {
  depth: number;
  children: TreeNode[];
}

/** The roots with all below them. What names a parent that is not there, or goes in circles, is a root as well. */
export function treeOf(values: readonly TreeValue[]): TreeNode[] {
  const nodes = new Map(values.map((one) => [one.value, { ...one, depth: 0, children: [] as TreeNode[] }]));
  const loops = (node: TreeNode) => {
    const seen = new Set<string>();
    for (
      let at: TreeNode | undefined = node;
      at !== undefined;
      at = at.parent === null ? undefined : nodes.get(at.parent)
    ) {
      if (seen.has(at.value)) return true;
      seen.add(at.value);
    }
    return false;
  };
  const roots: TreeNode[] = [];
  for (const node of nodes.values()) {
    const above = node.parent === null ? undefined : nodes.get(node.parent);
    if (above === undefined || loops(node)) roots.push(node);
    else above.children.push(node);
  }
  const place = (node: TreeNode, depth: number) => {
    node.depth = depth;
    for (const child of node.children) place(child, depth + 1);
  };
  for (const root of roots) place(root, 0);
  return roots;
}

/** The values whose title has the text, with all above them. */
export function matching(nodes: readonly TreeNode[], text: string): TreeNode[] {
  const wanted = normalise(text);
  if (wanted === "") return [...nodes];
  return nodes.flatMap((node) => {
    if (normalise(node.title).includes(wanted)) return [node];
    const children = matching(node.children, text);
    return children.length === 0 ? [] : [{ ...node, children }];
  });
}

/** Whether one of the values below is ticked. */
export const holdsTicked = (node: TreeNode, ticked: ReadonlySet<string>): boolean =>
  node.children.some((child) => ticked.has(child.value) || holdsTicked(child, ticked));
