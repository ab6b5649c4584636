/** The shared views of a list: pinned for oneself, and opened first by those who hold a role. */

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pin, PinOff } from "lucide-react";
import { client } from "../../api/cache";
import { metadata, type ObjectInfo, PIN_VIEW } from "../../api/metadata";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Menu } from "../../ui/menu";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import admin from "../admin.module.css";
import { SET_DEFAULT_VIEW, SHARED_VIEWS, type SharedView } from "./documents";

interface Props {
  object: ObjectInfo;
  roles: readonly { code: string }[];
  roleLabel: (code: string) => string;
}

export function SharedViews({ object, roles, roleLabel }: Props) {
  const t = useTexts();
  const a = useArea(layouts);
  const [error, setError] = useState<unknown>(null);
  const told = useQuery({
    queryKey: ["meta", "admin", "views", object.name],
    queryFn: async () => (await metadata<{ views: SharedView[] }>(SHARED_VIEWS, { object: object.name })).views,
    staleTime: Infinity,
  });
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  const views = (told.data ?? []).filter(({ share }) => share !== "PRIVATE");
  const act = async (document: string, variables: Record<string, unknown>, done: string) => {
    try {
      await metadata(document, variables);
      await client.invalidateQueries({ queryKey: ["meta"] });
      setError(null);
      tell(done);
    } catch (problem) {
      setError(problem);
    }
  };
  const sharedWith = ({ share, roles: own }: SharedView) =>
    share === "ALL" ? a.everyone : own.map(roleLabel).join(", ");
  return (
    <div className={admin.panel}>
      <h2>{a.views}</h2>
      <p className={admin.muted}>{a.viewsHint}</p>
      {error !== null && <Failed error={error} />}
      {told.data !== undefined && views.length === 0 && <p className={admin.muted}>{a.noViews}</p>}
      {views.length > 0 && (
        <div className={admin.table} role="region" aria-label={a.views} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.viewName}</th>
                <th scope="col">{t.face}</th>
                <th scope="col">{a.sharedWith}</th>
                <th scope="col">{a.owner}</th>
                <th scope="col">{t.more}</th>
              </tr>
            </thead>
            <tbody>
              {views.map((view) => {
                const open = roles.filter(({ code }) => view.share === "ALL" || view.roles.includes(code));
                return (
                  <tr key={view.id}>
                    <td>
                      {object.plural === null ? (
                        view.name
                      ) : (
                        <Link to="/o/$plural" params={{ plural: object.plural }} search={{ view: view.id }}>
                          {view.name}
                        </Link>
                      )}
                    </td>
                    <td>{t.faces[view.face.toLowerCase()] ?? view.face}</td>
                    <td>{sharedWith(view)}</td>
                    <td>{view.owner?.name ?? "–"}</td>
                    <td>
                      <div className={admin.row}>
                        <Button
                          icon
                          kind="quiet"
                          aria-label={`${view.pinned ? a.unpin : a.pin}: ${view.name}`}
                          onPress={() =>
                            void act(
                              PIN_VIEW,
                              { id: view.id, pinned: !view.pinned },
                              view.pinned ? a.unpinned : a.pinned,
                            )
                          }
                        >
                          {view.pinned ? <PinOff size={15} aria-hidden="true" /> : <Pin size={15} aria-hidden="true" />}
                        </Button>
                        <Menu
                          kind="quiet"
                          label={`${a.opensFor}: ${view.name}`}
                          choices={open.flatMap(({ code }) => [
                            {
                              key: `on ${code}`,
                              label: a.makeDefault(roleLabel(code)),
                              run: () =>
                                void act(
                                  SET_DEFAULT_VIEW,
                                  { role: code, id: view.id, isDefault: true },
                                  a.madeDefault(view.name, roleLabel(code)),
                                ),
                            },
                            {
                              key: `off ${code}`,
                              label: a.dropDefault(roleLabel(code)),
                              run: () =>
                                void act(
                                  SET_DEFAULT_VIEW,
                                  { role: code, id: view.id, isDefault: false },
                                  a.droppedDefault(view.name, roleLabel(code)),
                                ),
                            },
                          ])}
                        >
                          {a.opensFor} ▾
                        </Menu>
                      </div>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
