/** The addresses of the console, and the page that each opens. Pages are loaded when they are opened. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { knownAccount } from "../signin/session";
import { Crashed, NotThere } from "../ui/notices";
import { parseSearch, type Search, stringifySearch } from "./address";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotThere });

const validateSearch = (search: Record<string, unknown>): Search => search as Search;

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: ({ location }) => {
    // A one-time link to set a password is `/#link=…`.
    if (location.hash.startsWith("link=")) throw redirect({ to: "/signin", hash: location.hash });
    throw redirect({ to: "/home" });
  },
});

const signin = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch,
  component: lazyRouteComponent(() => import("../pages/signin"), "SignInPage"),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  beforeLoad: ({ location }) => {
    if (knownAccount() === null) throw redirect({ to: "/signin", search: { to: location.href } });
  },
  component: lazyRouteComponent(() => import("./frame"), "Frame"),
});

const within = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => frame,
    path,
    validateSearch,
    component: lazyRouteComponent(load as () => Promise<Record<string, never>>, name),
  });

const record = () => import("../pages/record");
const form = () => import("../pages/form");

const pages = [
  within("/home", () => import("../pages/home"), "HomePage"),
  within("/o/$plural", () => import("../pages/list"), "ListPage"),
  within("/o/$plural/new", form, "NewPage"),
  within("/o/$plural/$id", record, "RecordPage"),
  within("/o/$plural/$id/edit", form, "EditPage"),
  within("/me", () => import("../pages/me"), "MePage"),
  within("/search", () => import("../pages/search"), "SearchPage"),
  within("/approvals", () => import("../pages/approvals"), "ApprovalsPage"),
  within("/d", () => import("../pages/dashboards"), "DashboardsPage"),
  within("/d/$id", () => import("../pages/dashboard"), "DashboardPage"),
  within("/admin", () => import("../admin"), "AdminPage"),
  within("/admin/objects", () => import("../admin/objects"), "ObjectsPage"),
  within("/admin/objects/$name", () => import("../admin/object"), "ObjectPage"),
  within("/admin/layouts", () => import("../admin/layouts"), "LayoutsPage"),
  within("/admin/layouts/$name", () => import("../admin/layout"), "LayoutPage"),
  within("/admin/behaviour", () => import("../admin/behaviour"), "BehaviourPage"),
  within("/admin/behaviour/$name", () => import("../admin/behaviour-text"), "BehaviourTextPage"),
  within("/admin/menus", () => import("../admin/menus"), "MenusPage"),
  within("/admin/roles", () => import("../admin/roles"), "RolesPage"),
  within("/admin/people", () => import("../admin/people"), "PeoplePage"),
  within("/admin/versions", () => import("../admin/versions"), "VersionsPage"),
  within("/admin/audit", () => import("../admin/audit"), "AuditPage"),
  within("/admin/access", () => import("../admin/access"), "AccessPage"),
  within("/$", async () => ({ NotThere }), "NotThere"),
];

export const router = createRouter({
  routeTree: root.addChildren([start, signin, frame.addChildren(pages)]),
  parseSearch,
  stringifySearch,
  defaultNotFoundComponent: NotThere,
  defaultErrorComponent: ({ error }) => <Crashed error={error} />,
  scrollRestoration: true,
});
