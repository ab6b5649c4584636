/** What the chart library is told of a picture. Lengths go by numbers; what is written is exact. Pure. */

import type { EChartsCoreOption } from "echarts/core";
import type { Series } from "./series";

export const KINDS = ["BAR", "LINE", "AREA", "PIE", "FUNNEL", "NUMBER", "TABLE"] as const;

export type ChartKind = (typeof KINDS)[number];

/** Those that are a picture. */
export const drawn = (kind: ChartKind) => kind !== "NUMBER" && kind !== "TABLE";

export interface Picture {
  kind: ChartKind;
  data: Series;
  /** How an exact value is written. */
  shown: (value: string) => string;
  lang: string;
}

export interface Colours {
  text: string;
  muted: string;
  line: string;
  surface: string;
  palette: string[];
}

/** A bar, or a point: how far it reaches and what is written of it. */
const bar = (value: string | undefined, shown: (value: string) => string) => ({
  value: value === undefined ? 0 : Number(value),
  exact: value === undefined ? shown("0") : shown(value),
});

interface Hovered {
  name: string;
  seriesName?: string;
  data: { exact?: string };
}

/** 1.5万, 15K. */
const compact = (lang: string) =>
  new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en", { notation: "compact", maximumFractionDigits: 1 });

export function optionOf({ kind, data, shown, lang }: Picture, colours: Colours): EChartsCoreOption {
  const { categories, series, cells } = data;
  const several = series.length > 1;
  const common = {
    animation: false,
    color: colours.palette,
    textStyle: { color: colours.text, fontFamily: "inherit" },
    aria: { enabled: true, label: { enabled: false }, decal: { show: several || kind === "PIE" || kind === "FUNNEL" } },
    // A tooltip of HTML would need inline styles.
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: colours.surface,
      borderColor: colours.line,
      textStyle: { color: colours.text },
      formatter: ({ name, seriesName, data: hovered }: Hovered) =>
        `${several ? `${seriesName}, ` : ""}${name}: ${hovered.exact ?? ""}`,
    },
    legend: several
      ? { type: "plain", bottom: 0, textStyle: { color: colours.text }, itemHeight: 10, itemGap: 12 }
      : undefined,
  };
  if (kind === "PIE" || kind === "FUNNEL") {
    const slices = categories.map(({ label, color }, place) => ({
      name: label,
      ...bar(cells[place]?.[0]?.value, shown),
      ...(color === null ? {} : { itemStyle: { color } }),
    }));
    const label = {
      color: colours.text,
      formatter: ({ name, data: slice }: Hovered) => `${name} ${slice.exact ?? ""}`,
    };
    const shape =
      kind === "PIE"
        ? { type: "pie", radius: ["35%", "68%"], label }
        : {
            type: "funnel",
            sort: "none",
            left: "4%",
            right: "44%",
            top: 12,
            bottom: 12,
            minSize: "4%",
            gap: 2,
            label: { ...label, position: "right" },
          };
    return { ...common, series: [{ ...shape, data: slices }] };
  }
  const line = kind === "LINE" || kind === "AREA";
  return {
    ...common,
    grid: { left: 8, right: 16, top: 16, bottom: several ? 36 : 8, containLabel: true },
    xAxis: {
      type: "category",
      data: categories.map(({ label }) => label),
      axisLabel: { color: colours.muted, hideOverlap: true, overflow: "truncate", width: 110 },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: "value",
      axisLabel: { color: colours.muted, formatter: (value: number) => compact(lang).format(value) },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: series.map(({ label, color }, place) => ({
      type: line ? "line" : "bar",
      name: label,
      ...(several && kind !== "LINE" ? { stack: "all" } : {}),
      ...(kind === "AREA" ? { areaStyle: { opacity: 0.35 } } : {}),
      ...(line ? { symbolSize: 7 } : { barMaxWidth: 44 }),
      ...(color === null ? {} : { color }),
      data: categories.map((category, at) => ({
        ...bar(cells[at]?.[place]?.value, shown),
        // A choice's own colour tells bars of one series apart.
        ...(!several && !line && category.color !== null ? { itemStyle: { color: category.color } } : {}),
      })),
    })),
  };
}
