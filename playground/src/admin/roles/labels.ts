/** What objects, fields and roles are called, in the language of whoever looks at them. */

import { useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import { useShell } from "../../api/cache";
import { metadata } from "../../api/metadata";
import { useLang } from "../../texts";
import { type Role, ROLES } from "./documents";

/** Labels of objects; what is not known keeps its name. */
export function useLabels() {
  const objects = useShell().data?.objects;
  return useMemo(() => {
    const labels = new Map(objects?.map(({ name, label }) => [name, label]));
    return { object: (name: string) => labels.get(name) ?? name };
  }, [objects]);
}

/** Every role with all it says, for those who may know it. */
export const useRoles = (enabled = true) =>
  useQuery({
    queryKey: ["meta", "admin", "roles"],
    queryFn: async () => (await metadata<{ roles: Role[] }>(ROLES)).roles,
    enabled,
    staleTime: Infinity,
  });

export const useRoleLabel = () => {
  const lang = useLang();
  return ({ label, labelEn }: { label: string; labelEn: string }) => (lang === "zh" ? label : labelEn);
};
