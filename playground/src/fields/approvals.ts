/** Writes the documents by which approvals are decided, delegated, begun and taken back. */

const PAYLOAD = "record { id } userErrors { code path message hint }";

/** One decision on tasks of these objects, each by itself. */
export function decideDocument(objects: readonly string[]): string {
  const declared = objects.map((_, n) => `, $t${n}: ID!, $k${n}: String`).join("");
  const roots = objects.map(
    (object, n) =>
      `d${n}: decide${object}(task: $t${n}, decision: $decision, comment: $comment, idempotencyKey: $k${n}) { ${PAYLOAD} }`,
  );
  return `mutation Decide($decision: ApprovalDecision!, $comment: String${declared}) {
  ${roots.join("\n  ")}
}`;
}

export const delegateDocument = (object: string) =>
  `mutation Delegate($task: ID!, $to: ID!, $comment: String, $idempotencyKey: String) {
  done: delegate${object}(task: $task, to: $to, comment: $comment, idempotencyKey: $idempotencyKey) { ${PAYLOAD} }
}`;

/** Begins an approval that no move begins, or takes a record back from one. */
export const wholeDocument = (object: string, what: "submit" | "withdraw") =>
  `mutation ${what === "submit" ? "Submit" : "Withdraw"}($id: ID!, $comment: String, $idempotencyKey: String) {
  done: ${what}${object}(id: $id, comment: $comment, idempotencyKey: $idempotencyKey) { ${PAYLOAD} }
}`;
