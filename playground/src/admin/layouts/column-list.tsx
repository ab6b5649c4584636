/** The columns of a list, with their widths. */

import type { FieldInfo } from "../../api/metadata";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import type { ColumnDesign } from "./design";
import { NameList } from "./name-list";

interface Props {
  label: string;
  fields: readonly FieldInfo[];
  columns: readonly ColumnDesign[];
  change: (columns: ColumnDesign[]) => void;
  /** Whether widths are given; a card has none. */
  widths: boolean;
  faultAt?: (place: number) => string | undefined;
}

/** Whether a field can be shown in one cell of a list. */
export const fitsColumn = ({ type }: FieldInfo) => type !== "LINES" && type !== "INVERSE";

export function ColumnList({ label, fields, columns, change, widths, faultAt }: Props) {
  const a = useArea(layouts);
  const labelOf = (name: string) => fields.find((field) => field.name === name)?.label ?? name;
  return (
    <NameList
      label={label}
      members={columns}
      nameOf={({ field }) => field}
      labelOf={labelOf}
      offered={fields.filter(fitsColumn)}
      make={(field) => ({ field, width: null })}
      change={change}
      faultAt={faultAt}
      more={(column, set) =>
        widths && (
          <input
            type="number"
            min={40}
            max={2000}
            step={10}
            aria-label={`${a.pixels}: ${labelOf(column.field)}`}
            placeholder={a.automatic}
            value={column.width ?? ""}
            onChange={(event) => {
              const typed = Math.round(event.target.valueAsNumber);
              set({ ...column, width: Number.isNaN(typed) || typed <= 0 ? null : Math.min(2000, typed) });
            }}
          />
        )
      }
    />
  );
}
