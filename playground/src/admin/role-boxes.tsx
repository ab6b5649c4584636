/** The roles of an account, as boxes to tick. */

import fields from "../fields/fields.module.css";
import { useLang, useTexts } from "../texts";
import type { RoleLabel } from "./people";

/** The role that is no text: it may do everything. */
const ADMINISTRATOR = "administrator";

interface Props {
  roles: RoleLabel[];
  chosen: readonly string[];
  change: (roles: string[]) => void;
}

export function RoleBoxes({ roles, chosen, change }: Props) {
  const t = useTexts();
  const lang = useLang();
  const all = [{ code: ADMINISTRATOR, label: t.administrator, labelEn: t.administrator }, ...roles];
  return (
    <fieldset className={fields.checks} aria-label={t.roles}>
      {all.map(({ code, label, labelEn }) => (
        <label key={code} className={fields.check}>
          <input
            type="checkbox"
            checked={chosen.includes(code)}
            onChange={(event) =>
              change(event.target.checked ? [...chosen, code] : chosen.filter((one) => one !== code))
            }
          />
          {lang === "zh" ? label : labelEn}
        </label>
      ))}
    </fieldset>
  );
}
