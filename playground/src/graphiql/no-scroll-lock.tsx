/**
 * Stands in for `react-remove-scroll`, which dialogs and menus use to stop the page from scrolling.
 *
 * This page never scrolls, and the original writes a style element that the server's policy forbids.
 */

import { createElement, type ElementType, forwardRef, type ReactNode } from "react";

interface Props {
  as?: ElementType;
  children?: ReactNode;
  allowPinchZoom?: boolean;
  shards?: unknown;
}

export const RemoveScroll = forwardRef<unknown, Props>(
  ({ as = "div", allowPinchZoom: _zoom, shards: _shards, ...rest }, ref) =>
    createElement(as, { ...rest, ref }),
);
