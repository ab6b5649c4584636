/** Buttons in our look. */

import { Button as Aria, type ButtonProps, composeRenderProps } from "react-aria-components";
import { type ButtonKind, buttonLook } from "./button-look";

interface Props extends ButtonProps {
  kind?: ButtonKind;
  /** Shows an icon only; `aria-label` says what it does. */
  icon?: boolean;
}

export const Button = ({ kind, icon, ...rest }: Props) => (
  <Aria {...rest} className={composeRenderProps(rest.className, (given) => buttonLook(kind, icon, given ?? ""))} />
);
