/**
 * A chart as a picture: bars, lines, areas, pies, funnels. Loaded when one is shown. Whoever does not see it has the
 * table beside it.
 */

import { useEffect, useRef } from "react";
import { BarChart, FunnelChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import styles from "./chart.module.css";
import { optionOf, type Picture } from "./option";

use([
  BarChart,
  LineChart,
  PieChart,
  FunnelChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  AriaComponent,
  CanvasRenderer,
]);

interface Props extends Picture {
  label: string;
  /** Called with the places of a category and a series. */
  onChoose?: (category: number, series: number) => void;
}

/** The colours of the theme that is shown. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: of("--text"),
    muted: of("--muted"),
    line: of("--line"),
    surface: of("--raised"),
    palette: Array.from({ length: 8 }, (_, place) => of(`--chart-${place + 1}`)),
  };
}

export function Drawing({ label, onChoose, ...picture }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  useEffect(() => {
    const made = init(place.current!, undefined, { renderer: "canvas" });
    chart.current = made;
    made.on("click", ({ dataIndex, seriesIndex }) => choose.current?.(dataIndex, seriesIndex ?? 0));
    const size = new ResizeObserver(() => made.resize());
    size.observe(place.current!);
    return () => {
      size.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    const draw = () => chart.current?.setOption(optionOf(picture, colours()), { notMerge: true });
    draw();
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => theme.disconnect();
  });
  return <div ref={place} className={styles.drawing} role="img" aria-label={label} />;
}
