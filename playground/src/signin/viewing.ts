/**
 * As whom an administrator reads in this tab. It holds for the tab alone and goes on when the page is loaded anew, which
 * beginning and ending do: nothing that was read as one person is shown as another's.
 */

const KEY = "tradewind:view-as";

/** The account as whom this tab reads; null for oneself. */
export const viewedAs = (): string | null => sessionStorage.getItem(KEY);

/** Whoever signs in here next reads as themselves. */
export const forgetViewing = () => sessionStorage.removeItem(KEY);

/** Reads as someone from here on, or as oneself again. */
export function viewAs(account: string | null) {
  if (account === null) forgetViewing();
  else sessionStorage.setItem(KEY, account);
  location.assign("/home");
}
