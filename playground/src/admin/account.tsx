/** One account: roles and password, reach, standing in, sign-ins, keys, and what becomes of its work when it is closed. */

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { ask } from "../api/transport";
import { viewAs } from "../signin/viewing";
import { useLang, useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as people from "../texts/people";
import * as viewing from "../texts/viewing";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Notice } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { tell } from "../ui/toasts";
import ui from "../ui/ui.module.css";
import styles from "./admin.module.css";
import { type Account, ASSIGN_ROLES, type Difference, SIGN_IN_LINK, UNLOCK } from "./documents";
import type { RoleLabel } from "./people";
import { ApiKeys } from "./people/api-keys";
import { BEHIND, type Behind } from "./people/documents";
import { Leaving } from "./people/leaving";
import { Reach } from "./people/reach";
import { SignIns } from "./people/sign-ins";
import { StandingIn } from "./people/standing-in";
import { RoleBoxes } from "./role-boxes";
import { Tried } from "./roles/differences";
import { SIMULATE, type Simulated } from "./roles/documents";

const PARTS = ["roles", "reach", "standing", "signIns", "keys", "leaving"] as const;

interface Props {
  account: Account;
  roles: RoleLabel[];
  changed: () => void;
  close: () => void;
}

export function AccountDialog(props: Props) {
  const { account, roles, changed, close } = props;
  const t = useTexts();
  const a = useArea(people);
  const lang = useLang();
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const part = PARTS.find((one) => one === search.part) ?? "roles";
  const behind = useQuery({
    queryKey: ["admin", "behind", account.operator],
    queryFn: async () =>
      (await ask<{ operator: Behind | null }>("/graphql", BEHIND, { id: account.operator })).data.operator,
    enabled: part === "standing" || part === "leaving",
    staleTime: 0,
  });
  const held = roles
    .filter(({ code }) => account.roles.includes(code))
    .map(({ code, label, labelEn }) => ({ code, label: lang === "zh" ? label : labelEn }));
  const own = account.roles.includes("administrator") ? [{ code: "administrator", label: t.administrator }] : [];
  const employee = behind.data?.employee ?? null;
  return (
    <Dialog title={`${account.name} · ${account.account}`} onClose={close} wide>
      <Tabs
        selectedKey={part}
        onSelectionChange={(next) =>
          void navigate({ to: ".", search: { account: account.account, part: String(next) }, replace: true })
        }
      >
        <TabList className={ui.tabs} aria-label={account.name}>
          {PARTS.map((one) => (
            <Tab key={one} id={one} className={ui.tab}>
              {a.parts[one]}
            </Tab>
          ))}
        </TabList>
        {PARTS.map((one) => (
          <TabPanel key={one} id={one} className={`${ui.panel} ${styles.panelBody}`}>
            {one === "roles" && <RolesAndPassword {...props} />}
            {one === "reach" && <Reach account={account} changed={changed} />}
            {one === "signIns" && <SignIns account={account.account} />}
            {one === "keys" && <ApiKeys account={account.account} roles={[...own, ...held]} />}
            {(one === "standing" || one === "leaving") && behind.isPending && <Skeleton rows={3} />}
            {(one === "standing" || one === "leaving") && behind.isError && (
              <Failed error={behind.error} retry={() => void behind.refetch()} />
            )}
            {one === "standing" &&
              behind.data != null &&
              (employee === null ? <Notice>{a.noEmployee}</Notice> : <StandingIn employee={employee.id} />)}
            {one === "leaving" && behind.data != null && (
              <Leaving
                behind={behind.data}
                changed={() => {
                  void behind.refetch();
                  changed();
                }}
              />
            )}
          </TabPanel>
        ))}
      </Tabs>
    </Dialog>
  );
}

function RolesAndPassword({ account, roles, changed, close }: Props) {
  const t = useTexts();
  const v = useArea(viewing);
  const viewer = useShell().data?.viewer;
  const viewable = viewer?.may.includes("VIEW_AS") === true && viewer.account !== account.account;
  const [chosen, choose] = useState(account.roles);
  const [link, setLink] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<Difference[] | null>(null);
  const same = [...chosen].sort().join() === [...account.roles].sort().join();
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const attempt = () =>
    run(async () => {
      const draft = { assign: [{ account: account.account, roles: chosen }] };
      setTried(Object.values(await metadata<Simulated>(SIMULATE, { draft })).flat());
    });
  const save = async () => {
    await metadata(ASSIGN_ROLES, { account: account.account, roles: chosen });
    changed();
    tell(t.savedNamed(account.name));
    close();
  };
  const makeLink = () =>
    run(async () => {
      const told = await metadata<{ createSignInLink: { path: string } }>(SIGN_IN_LINK, { account: account.account });
      setLink(location.origin + told.createSignInLink.path);
    });
  return (
    <>
      <RoleBoxes roles={roles} chosen={chosen} change={choose} />
      <h3>{t.password}</h3>
      <div className={styles.row}>
        <Button onPress={() => void makeLink()}>{t.makeLink}</Button>
        <Button
          onPress={() =>
            void run(async () => {
              await metadata(UNLOCK, { account: account.account });
              tell(t.unlocked);
            })
          }
        >
          {t.unlock}
        </Button>
        {viewable && <Button onPress={() => viewAs(account.account)}>{v.begin}</Button>}
      </div>
      {link !== null && (
        <label className={styles.form}>
          <span className={styles.muted}>{t.linkHint}</span>
          <input readOnly value={link} onFocus={(event) => event.target.select()} />
        </label>
      )}
      {error !== null && <Failed error={error} />}
      <Actions>
        <Button onPress={close}>{t.cancel}</Button>
        <Button kind="main" isDisabled={same || busy} onPress={() => void attempt()}>
          {t.save}
        </Button>
      </Actions>
      {tried !== null && <Tried found={tried} close={() => setTried(null)} save={save} />}
    </>
  );
}
