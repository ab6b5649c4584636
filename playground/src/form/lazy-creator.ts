/** The form of a record that is made for a picker, loaded when it is first opened. */

import { lazy } from "react";
import type { CreatorProps } from "../fields/edit";

export const Creator = lazy<(props: CreatorProps) => React.JSX.Element>(() => import("./creator"));
