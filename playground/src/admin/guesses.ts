/**
 * What a label says of its field: `Due date` is a date, `数量` a number, and what is called like an object refers to one.
 * A suggestion only; whoever chooses a type has chosen it. Pure.
 */

/** The first that a label fits. */
const SAID: [said: RegExp, type: string][] = [
  [/(时间|时刻)$|\b(time|at)$/i, "DATE_TIME"],
  [/(日期|日)$|\b(date|day|on)$/i, "DATE"],
  [/(备注|说明|描述|意见|详情)$|\b(remarks?|notes?|description|comments?|details)$/i, "LONG_TEXT"],
  [/^是否|^(is|has|was)\b/i, "BOOLEAN"],
  [/(邮箱|邮件)$|\be-?mail$/i, "EMAIL"],
  [/(电话|手机)$|\b(phone|mobile)$/i, "PHONE"],
  [/(网址|链接)$|\b(url|website|link)$/i, "URL"],
  [/(金额|单价|价格|费用|押金)$|\b(amount|price|cost|fee|deposit)$/i, "MONEY"],
  [/(数量|重量|面积|体积)$|\b(quantity|weight|area|volume)$/i, "DECIMAL"],
  [/(率|比例|折扣)$|\b(rate|percent|discount)$/i, "PERCENT"],
  [/(次数|天数|人数|个数)$|\b(count|days)$/i, "INTEGER"],
  [/(评分|星级)$|\b(rating|stars)$/i, "RATING"],
];

export interface Guess {
  type: string;
  /** The object that a relation refers to. */
  target: string | null;
}

/** What the labels of a field in both languages come to, where objects are called so. */
export function guessed(labels: readonly string[], objects: readonly { name: string; label: string }[]): Guess {
  const said = labels.map((label) => label.trim()).filter((label) => label !== "");
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const target = objects.find(({ name, label }) =>
    said.some((one) => same(one, label) || same(one.replace(/\s+/g, ""), name)),
  );
  if (target !== undefined) return { type: "RELATION", target: target.name };
  const found = said.flatMap((label) => SAID.find(([form]) => form.test(label)) ?? []);
  return { type: (found[1] as string | undefined) ?? "TEXT", target: null };
}
