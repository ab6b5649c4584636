/**
 * The README and the guide, block by block, as a new user works through them in an empty folder: every command and request is carried
 * out as it is written, and every answer it shows is the answer. Only addresses, ids, days, tokens and passwords that
 * cannot be known beforehand are put in.
 */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { buildClientSchema, getIntrospectionQuery, parse, validate } from "graphql";
import { binary, freePort, ready } from "./server.mjs";
import { folder, PASSWORD } from "./support.mjs";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const GUIDE = join("docs", "guide");
const OWN_PASSWORD = "a heron over the harbour";

const written = (document) => readFileSync(join(root, document), "utf8");
let open = "README.md";
let left = [];
const worked = new Set();

/** Goes on with another document; of the one before, every block was worked through. */
function turnTo(document) {
  assert.deepEqual(left, [], `${open} has blocks that nothing here works through`);
  open = document;
  worked.add(document);
  left = [...written(document).matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text }));
}

/** The next block of the open document, which must be of this kind. */
function block(kind) {
  const found = left.shift();
  assert.equal(found?.kind, kind, `the next block of ${open}: ${found?.text.slice(0, 200)}`);
  return found.text;
}

const running = [];
after(() => {
  for (const child of running) child.kill("SIGKILL");
});

const where = folder("readme");
const port = await freePort();
const address = `http://127.0.0.1:${port}`;

/** A command as it is written, for the program that is here and the address that is free. */
function here(text) {
  return text
    .replaceAll("cargo run --release --", `'${binary}'`)
    .replaceAll("cargo run --release", `'${binary}'`)
    .replaceAll("http://127.0.0.1:8080", address);
}

/** Starts what a command line starts; its output is collected. */
function begin(line, env) {
  const child = spawn("bash", ["-c", `exec ${line}`], {
    cwd: where,
    env: { ...process.env, TRADEWIND_LISTEN: `127.0.0.1:${port}`, TRADEWIND_LOG_FILTER: "warn", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const server = { child, printed: "" };
  child.stdout.on("data", (data) => (server.printed += data));
  running.push(child);
  return server;
}

async function end({ child }) {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await new Promise((resolve) => child.on("exit", resolve));
}

/** What a shell prints for a block. */
async function shell(text, env) {
  const done = await run("bash", ["-euo", "pipefail", "-c", here(text)], { cwd: root, env: { ...process.env, ...env } });
  return done.stdout;
}

async function token(account, password) {
  const answer = await fetch(`${address}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ account, password }),
  });
  return (await answer.json()).accessToken;
}

async function ask(path, query, variables, bearer) {
  const answer = await fetch(address + path, {
    method: "POST",
    headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, `${query}\n${JSON.stringify(errors)}`);
  return data;
}

/** The operations of a block, each sent by itself. */
const operations = (text) => text.split(/^(?=(?:query|mutation)\b)/m).filter((part) => part.trim() !== "");

/** What a definition comes to, without applying it. */
const TRY = "mutation($sdl: String!) { applySchema(sdl: $sdl, dryRun: true) { diagnostics { line message hint } } }";

/** Days, and numbers that are made of them, are those of the day they were written. */
const dayless = (value) =>
  JSON.parse(JSON.stringify(value).replaceAll(/\d{4}-\d\d-\d\d/g, "a day").replaceAll(/YP\d{6}/g, "YP of a month"));

/** The demo company's days lie around today: on some days it has a few records more than on others. */
const countless = (text) => text.replaceAll(/\d+ of \d+ records/g, "some of all records");
const total = (text) => Number(/ of (\d+) records/.exec(text)[1]);

let server;
let admin;

test("the first start, and what it prints", async () => {
  turnTo("README.md");
  server = begin(here(block("sh").trim()));
  await ready(address, server.child);
  const printed = countless(server.printed);
  const told = block("text");
  assert.ok(Math.abs(total(told) / total(server.printed) - 1) < 0.01, server.printed);
  let from = 0;
  for (const line of countless(told).split("\n").map((line) => line.trim())) {
    if (line === "" || line === "…") continue;
    const wanted = line.replace("http://127.0.0.1:8080", address);
    const at = printed.indexOf(wanted, from);
    assert.notEqual(at, -1, `${open}'s ${wanted} is not in\n${printed}`);
    from = at;
  }
  admin = await token("admin", PASSWORD);
  assert.equal(block("sh").trim(), "cargo test");
  assert.match(readFileSync(join(root, ".ci/run"), "utf8"), /cargo test --locked/);
});

test("a first request", async () => {
  assert.deepEqual(JSON.parse(await shell(block("sh"))), JSON.parse(block("json")));
});

test("a custom object", async () => {
  assert.equal(block("graphql").trim(), readFileSync(join(root, "tests/cases/sample_loan.graphql"), "utf8").trim());
  const applied = JSON.parse(await shell(block("sh"), { token: admin }));
  turnTo(join(GUIDE, "defining-objects.md"));
  assert.deepEqual(applied, JSON.parse(block("json")));
  const first = "{ customers(first: 1) { nodes { id department { id } } } inventoryItems(first: 1) { nodes { id } } }";
  const { customers, inventoryItems } = await ask("/graphql", first, {}, admin);
  const [customer] = customers.nodes;
  const variables = { customer: customer.id, department: customer.department.id, item: inventoryItems.nodes[0].id };
  const create = block("graphql");
  assert.deepEqual(dayless({ data: await ask("/graphql", create, variables, admin) }), dayless(JSON.parse(block("json"))));
  const tooMany = create.replace(/lines: \{create: \[[^\]]*\]\}/, "lines: {create: [{item: {id: $item}, quantity: 3, returnedQuantity: 4}]}");
  const refused = await ask("/graphql", tooMany, variables, admin);
  assert.deepEqual(refused.createSampleLoan.userErrors, [JSON.parse(block("json"))]);
});

test("drafts, layouts and what a page keeps: what is written there is valid", async () => {
  const schema = buildClientSchema(await ask("/metadata", getIntrospectionQuery(), {}, admin));
  // First what is left of the page that is open.
  for (const page of [null, join(GUIDE, "layouts.md"), join(GUIDE, "workspace.md")]) {
    if (page !== null) turnTo(page);
    for (const { text } of left.splice(0).filter(({ kind }) => kind === "graphql")) {
      if (/^(extend )?(type|enum|union)\b/.test(text)) {
        const told = await ask("/metadata", TRY, { sdl: text }, admin);
        assert.deepEqual(told.applySchema.diagnostics, [], text);
        continue;
      }
      for (const operation of operations(text)) {
        assert.deepEqual(validate(schema, parse(operation)), [], operation);
      }
    }
  }
});

test("states and moves", async () => {
  turnTo(join(GUIDE, "flows.md"));
  const text = block("toml");
  const { applySchema } = await ask("/metadata", block("graphql"), { text }, admin);
  assert.deepEqual([applySchema.diagnostics, applySchema.changes], [[], [{ kind: "ADD_RULES", object: "loans" }]]);
  const { sampleLoans } = await ask("/graphql", "{ sampleLoans(first: 1) { nodes { id } } }", {}, admin);
  const { takeBackSampleLoan } = await ask("/graphql", block("graphql").replace("019…", sampleLoans.nodes[0].id), {}, admin);
  assert.deepEqual([takeBackSampleLoan.userErrors, takeBackSampleLoan.record.status], [[], "RETURNED"]);
  const told = await ask("/graphql", block("graphql"), {}, admin);
  const [loan] = told.sampleLoans.nodes;
  assert.deepEqual([loan._can, loan._actions[0].because], [{ edit: false, delete: false }, "STATE"]);
  const { object } = await ask("/metadata", block("graphql"), {}, admin);
  assert.equal(object.flow.moves[0].name, "takeBackSampleLoan");
  // The next pages have it as it was.
  const gone = "mutation { applySchema(sdl: \"\", rules: [{name: \"loans\"}]) { diagnostics { message } } }";
  assert.deepEqual((await ask("/metadata", gone, {}, admin)).applySchema.diagnostics, []);
});

test("rules of saves", async () => {
  turnTo(join(GUIDE, "rules.md"));
  const apply = "mutation($rules: [RuleText!]!) { applySchema(sdl: \"\", rules: $rules) { diagnostics { line message } } }";
  const rules = (text) => ({ rules: [{ name: "saves", text }] });
  // The second is a fill.
  for (const text of [block("toml"), block("toml"), null]) {
    assert.deepEqual((await ask("/metadata", apply, rules(text), admin)).applySchema.diagnostics, []);
  }
});

test("actions", async () => {
  turnTo(join(GUIDE, "actions.md"));
  const find = "{ leads(filter: {status: {in: [OPEN, WORKING]}}, first: 1) { nodes { id } } }";
  const { leads } = await ask("/graphql", find, {}, admin);
  const { convertLead } = await ask("/graphql", block("graphql").replace("019…", leads.nodes[0].id), {}, admin);
  assert.deepEqual([convertLead.userErrors, convertLead.record.status], [[], "CONVERTED"]);
  assert.equal(convertLead.customer.code, "TJ-0815");
  const apply = "mutation($rules: [RuleText!]!) { applySchema(sdl: \"\", rules: $rules) { diagnostics { line message } } }";
  const rules = (text) => ({ rules: [{ name: "renewals", text }] });
  assert.deepEqual((await ask("/metadata", apply, rules(block("toml")), admin)).applySchema.diagnostics, []);
  const first = "{ customers(filter: {owner: {isNull: false}}, first: 1) { nodes { id department { id } } } inventoryItems(first: 1) { nodes { id } } }";
  const { customers, inventoryItems } = await ask("/graphql", first, {}, admin);
  const [customer] = customers.nodes;
  const create = `mutation { createSampleLoan(input: {customer: {id: "${customer.id}"}, department: {id: "${customer.department.id}"},
    lines: {create: [{item: {id: "${inventoryItems.nodes[0].id}"}, quantity: "12.5"}]}}) { record { id lines { quantity } } userErrors { message } } }`;
  const made = await ask("/graphql", create, {}, admin);
  assert.deepEqual(made.createSampleLoan.userErrors, []);
  const loan = made.createSampleLoan.record;
  const renew = `mutation { renewSampleLoan(id: "${loan.id}", input: {until: "2099-01-01", visit: true}) {
    record { status } next { dueDate lines { quantity } } visit { subject } userErrors { path message } } }`;
  const { renewSampleLoan } = await ask("/graphql", renew, {}, admin);
  assert.deepEqual(renewSampleLoan.userErrors, []);
  assert.deepEqual([renewSampleLoan.record.status, renewSampleLoan.next.lines], ["RETURNED", loan.lines]);
  assert.equal(renewSampleLoan.visit.subject, "试样回访");
  const told = await ask("/graphql", block("graphql"), {}, admin);
  assert.equal(told.leads.nodes[0]._actions[0].name, "convertLead");
  const { object } = await ask("/metadata", block("graphql"), {}, admin);
  assert.equal(object.actions[0].input[0].target, "Customer");
  assert.deepEqual((await ask("/metadata", apply, rules(null), admin)).applySchema.diagnostics, []);
});

test("approvals", async () => {
  turnTo(join(GUIDE, "approvals.md"));
  const apply = "mutation($rules: [RuleText!]!) { applySchema(sdl: \"\", rules: $rules) { diagnostics { line message } } }";
  const rules = (text) => ({ rules: [{ name: "approvals", text }] });
  assert.deepEqual((await ask("/metadata", apply, rules(block("toml")), admin)).applySchema.diagnostics, []);
  const first = `{ customers(filter: {owner: {isNull: false}, department: {code: {eq: "TJ-TL"}}}, first: 1) { nodes { id owner { id } department { id } } }
    inventoryItems(first: 1) { nodes { id } } }`;
  const { customers, inventoryItems } = await ask("/graphql", first, {}, admin);
  const [{ id, owner, department }] = customers.nodes;
  const create = `mutation { createSalesOrder(input: {customer: {id: "${id}"}, department: {id: "${department.id}"}, owner: {id: "${owner.id}"},
    lines: {create: [{item: {id: "${inventoryItems.nodes[0].id}"}, quantity: "1", price: "60000"}]}}) { record { id } userErrors { path message } } }`;
  const { createSalesOrder } = await ask("/graphql", create, {}, admin);
  assert.deepEqual(createSalesOrder.userErrors, []);
  const { submitSalesOrder } = await ask("/graphql", block("graphql").replace("019…", createSalesOrder.record.id), {}, admin);
  assert.deepEqual(submitSalesOrder, { record: { status: "SUBMITTED", approvalState: "PENDING" }, userErrors: [] });
  assert.match(block("toml"), /needs = "approval"/);
  const [inbox, decide] = operations(block("graphql"));
  const wang = await token("wang", "tradewind-demo");
  const { approvalInbox } = await ask("/graphql", inbox, {}, wang);
  const task = approvalInbox.nodes.find((node) => node.record === createSalesOrder.record.id);
  assert.equal(task.stepLabel, "Head of department");
  const { decideSalesOrder } = await ask("/graphql", decide.replace("019…", task.id), {}, wang);
  assert.deepEqual(decideSalesOrder.userErrors, []);
  const { salesOrder } = await ask("/graphql", `{ salesOrder(id: "${createSalesOrder.record.id}") { approvalState } }`, {}, admin);
  assert.equal(salesOrder.approvalState, "APPROVED");
  assert.deepEqual((await ask("/metadata", apply, rules(null), admin)).applySchema.diagnostics, []);
});

test("definitions as files", async () => {
  turnTo(join(GUIDE, "schema-as-code.md"));
  const schema = buildClientSchema(await ask("/metadata", getIntrospectionQuery(), {}, admin));
  /** What a block prints, the code that it ends with where that is not zero. */
  const command = async (text) => {
    const line = text.replaceAll(/^tradewind /gm, `'${binary}' `);
    const env = { ...process.env, LC_ALL: "C.UTF-8", TRADEWIND_LOG_FILTER: "warn" };
    return run("bash", ["-euo", "pipefail", "-c", line], { cwd: where, env }).catch((error) => error);
  };
  const exported = await command(block("sh"));
  assert.equal(exported.stdout.split("\n").slice(1).join("\n"), block("text"), exported.stderr);
  const compared = await command(block("sh"));
  assert.equal(compared.code, 2, compared.stderr);
  assert.match(compared.stdout, /^~ objects\/SampleLoan.graphql$/m);
  const applied = await command(block("sh"));
  assert.match(applied.stdout, /^applied: version \d+$/m, applied.stderr);
  for (const operation of operations(block("graphql"))) {
    assert.deepEqual(validate(schema, parse(operation)), [], operation);
  }
  const signed = await command(block("sh"));
  assert.match(signed.stdout, /^trusted_keys = \["ed25519:/m, signed.stderr);
  assert.ok(readdirSync(where).includes("crm.sig"));
});

test("querying and writing", async () => {
  const { customers } = await ask("/graphql", "{ customers(first: 1) { nodes { id } } }", {}, admin);
  for (const page of ["querying.md", "writing.md"]) {
    turnTo(join(GUIDE, page));
    assert.ok(left.length > 1, page);
    while (left.length > 0) {
      const data = await ask("/graphql", block("graphql").replaceAll("019…", customers.nodes[0].id), {}, admin);
      const [[name, told]] = Object.entries(data);
      // A draft is asked before all is filled in.
      if (name.startsWith("draft")) assert.ok(told.record, JSON.stringify(data));
      else assert.deepEqual(told.userErrors ?? [], [], JSON.stringify(data));
    }
  }
});

test("subscriptions", async () => {
  turnTo(join(GUIDE, "live.md"));
  const accessToken = admin;
  const made = Function("createClient", "accessToken", `return ${here(block("js")).replace("ws://127.0.0.1:8080", address.replace("http", "ws"))}`);
  const client = made((options) => createClient({ ...options, webSocketImpl: WebSocket, lazy: false }), accessToken);
  await new Promise((resolve) => client.on("connected", resolve));
  await client.dispose();

  const listening = begin(here(block("sh").trim()), { token: admin });
  const { customers } = await ask("/graphql", "{ customers(first: 1) { nodes { id } } }", {}, admin);
  // The command may take a moment to listen: the record is changed until it is heard of.
  for (let at = 0; !listening.printed.includes(`"kind":"UPDATED"`); at += 1) {
    assert.ok(at < 200, listening.printed);
    const change = "mutation($id: ID!, $remark: String) { updateCustomer(id: $id, patch: {remark: $remark}) { userErrors { code } } }";
    await ask("/graphql", change, { id: customers.nodes[0].id, remark: `${at}` }, admin);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  listening.child.kill();

  const [url, connectionParams] = [`${address.replace("http", "ws")}/metadata`, { Authorization: `Bearer ${admin}` }];
  const pages = createClient({ url, connectionParams, webSocketImpl: WebSocket });
  const told = pages.iterate({ query: block("graphql") });
  const next = async () => (await told.next()).value.data.viewerChanged.fingerprint;
  const first = await next();
  const { viewer } = await ask("/metadata", "{ viewer { fingerprint } }", {}, admin);
  assert.equal(first, viewer.fingerprint);
  const save = "mutation($input: SavedViewInput!) { saveView(input: $input) { view { id } } }";
  await ask("/metadata", save, { input: { object: "Customer", name: "followed", question: {} } }, admin);
  assert.notEqual(await next(), first);
  await pages.dispose();
});

test("roles and rights", async () => {
  turnTo(join(GUIDE, "rights.md"));
  const save = "mutation($definition: String!) { saveRole(definition: $definition) { code } }";
  const { saveRole } = await ask("/metadata", save, { definition: block("toml") }, admin);
  assert.equal(saveRole.code, "salesperson");
  await ask("/metadata", 'mutation { resetRole(code: "salesperson") { code } }', {}, admin);
  const { customers } = await ask("/graphql", "{ customers(first: 1) { nodes { id } } }", {}, admin);
  while (left.length > 0) {
    for (const operation of operations(block("graphql"))) {
      await ask("/metadata", operation.replaceAll("019…", customers.nodes[0].id), {}, admin);
    }
  }
});

test("a new colleague", async () => {
  turnTo(join(GUIDE, "signing-in.md"));
  const { departments } = await ask("/graphql", "{ departments(first: 1) { nodes { id } } }", {}, admin);
  const made = await ask(
    "/graphql",
    'mutation($department: ID!) { createEmployee(input: {code: "newbie", name: "新人", department: {id: $department}}) { record { id } userErrors { code message } } }',
    { department: departments.nodes[0].id },
    admin,
  );
  let link;
  for (const operation of operations(block("graphql"))) {
    const written = operation.replace("019…", made.createEmployee.record.id);
    link = (await ask("/metadata", written, {}, admin)).createSignInLink ?? link;
  }
  assert.match(link.path, /^\/#link=twl_/);
  const signedIn = JSON.parse(await shell(block("sh").replace("twl_…", link.token)));
  for (const operation of operations(block("graphql"))) {
    const soon = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const written = operation
      .replace('current: "…", new: "…"', `current: "${OWN_PASSWORD}", new: "seven lanterns on the quay"`)
      .replace(/expiresAt: "[^"]*"/, `expiresAt: "${soon}"`);
    await ask("/metadata", written, {}, signedIn.accessToken);
  }
});

test("the console's page has nothing to run: a browser goes through it", () => {
  turnTo(join(GUIDE, "console.md"));
  assert.deepEqual(left, []);
});

test("PostgreSQL", { skip: process.env.TEST_DATABASE_URL === undefined && "TEST_DATABASE_URL is not set" }, async () => {
  turnTo(join(GUIDE, "operating.md"));
  const given = process.env.TEST_DATABASE_URL;
  const name = `readme_${process.pid}`;
  const mine = given.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
  await run("psql", [given, "-qc", `CREATE DATABASE ${name}`]);
  const elsewhere = await freePort();
  try {
    const lines = block("sh").trim().split("\n");
    for (const line of lines) {
      const written = here(line).replace(/postgres:\/\/user:password@127\.0\.0\.1:5432\/tradewind/, mine);
      const started = begin(`env ${written}`, { TRADEWIND_LISTEN: `127.0.0.1:${elsewhere}` });
      await ready(`http://127.0.0.1:${elsewhere}`, started.child);
      await end(started);
    }
  } finally {
    await run("psql", [given, "-qc", `DROP DATABASE ${name} WITH (FORCE)`]);
  }
});

test("no page of the guide is left out", () => {
  const pages = readdirSync(join(root, GUIDE)).map((page) => join(GUIDE, page));
  const known = [...worked, join(GUIDE, "operating.md")];
  assert.deepEqual(pages.filter((page) => !known.includes(page)), []);
});

test("the commands", async () => {
  await end(server);
  const program = (args, input) => {
    const done = run(binary, args, { cwd: where, maxBuffer: 64 * 1024 * 1024 });
    if (input !== undefined) done.child.stdin.end(input);
    return done.then(({ stdout }) => stdout);
  };
  const operating = written(join(GUIDE, "operating.md"));
  const table = operating.slice(operating.indexOf("## Commands"), operating.indexOf("Settings come from flags"));
  const tried = {
    "tradewind serve": null,
    "tradewind migrate": () => program(["migrate"]),
    "tradewind schema check": async () =>
      program(["schema", "check", join(root, "tests/cases/sample_loan.graphql")]),
    "tradewind schema print": async () => assert.match(await program(["schema", "print"]), /^type Customer /m),
    "tradewind schema export": async () => {
      await program(["schema", "export", "exported"]);
      assert.match(await program(["schema", "diff", "exported"]), /./);
    },
    "tradewind schema rollback": async () => assert.match(await program(["schema", "rollback", "--help"]), /VERSION/),
    "tradewind schema keygen": () => program(["schema", "keygen", "another.key"]),
    "tradewind user add": () => program(["user", "add", "second", "--password-stdin"], `${OWN_PASSWORD}\n`),
    "tradewind user link": async () => assert.match(await program(["user", "link", "second"]), /twl_/),
    "tradewind user passwd": () => program(["user", "passwd", "second", "--password-stdin"], "seven lanterns on the quay\n"),
    "tradewind bench load": async () => assert.match(await program(["bench", "--help"]), /load[^]*run[^]*soak/),
    "tradewind config": async () => assert.match(await program(["config"]), /^listen/m),
  };
  const named = [...table.matchAll(/^\| `(tradewind(?: [a-z]+)+)/gm)].map(([, name]) => name);
  assert.deepEqual(named, Object.keys(tried));
  for (const name of named) await tried[name]?.();
});
