/** Whether the page is as narrow as a phone. */

import { useSyncExternalStore } from "react";

const NARROW = matchMedia("(max-width: 759px)");

const onChange = (listener: () => void) => {
  NARROW.addEventListener("change", listener);
  return () => NARROW.removeEventListener("change", listener);
};

export const useNarrow = () => useSyncExternalStore(onChange, () => NARROW.matches);
