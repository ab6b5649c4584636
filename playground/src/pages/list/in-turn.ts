/** Jobs that are done one after the other. */

/** Puts a job behind those before it; one that fails is told, and holds up none of the next. */
export function inTurn(failed: (error: unknown) => void) {
  let last = Promise.resolve();
  return (job: () => Promise<void>): Promise<void> => (last = last.then(job).catch(failed));
}
