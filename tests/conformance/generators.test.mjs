/** GraphQL Code Generator with `tsc --strict`, and the Relay compiler, against the schema as it is introspected. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { buildClientSchema, getIntrospectionQuery, printSchema } from "graphql";
import { URL_, ask, data, folder, token } from "./support.mjs";

const run = promisify(execFile);
const modules = join(import.meta.dirname, "node_modules");

/** Runs a program of a package; what it printed is in the failure. */
async function program(name, args, cwd) {
  return run(join(modules, ".bin", name), args, { cwd, maxBuffer: 64 * 1024 * 1024 }).catch((error) => {
    throw new Error(`${name} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`);
  });
}

const DOCUMENTS = `
import { graphql } from "./gql/index";
export const list = graphql(\`query Customers($first: Int, $filter: CustomerFilter) {
  customers(first: $first, filter: $filter, orderBy: [{code: ASC}]) {
    totalCount
    nodes { id code name level creditLimit createdAt department { id name } contacts(first: 2) { nodes { id name } } }
    pageInfo { hasNextPage endCursor }
  }
}\`);
export const create = graphql(\`mutation CreateRegion($input: CreateRegionInput!) {
  createRegion(input: $input) { record { id code name version } userErrors { code path message hint } }
}\`);
export const groups = graphql(\`query Groups {
  customerAggregate(groupBy: [{level: true}]) { key { level } count sum { creditLimit } }
}\`);
export const changes = graphql(\`subscription Changes { customerChanged { kind record { id code } cursor } }\`);
`;

const USES = `
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { create, list } from "./documents";
type Of<D> = D extends TypedDocumentNode<infer R, infer V> ? { result: R; variables: V } : never;
const variables: Of<typeof create>["variables"] = { input: { code: "X", name: "X" } };
const page = (answer: Of<typeof list>["result"]): number | undefined => answer.customers?.totalCount;
const limit = (answer: Of<typeof list>["result"]): string | null | undefined => answer.customers?.nodes[0]?.creditLimit;
export { variables, page, limit };
`;

test("GraphQL Code Generator: the client preset by the server's address, then tsc --strict", async () => {
  const where = folder("codegen");
  mkdirSync(join(where, "src"), { recursive: true });
  symlinkSync(modules, join(where, "node_modules"));
  writeFileSync(join(where, "package.json"), `{"type": "module"}`);
  writeFileSync(join(where, "src/documents.ts"), DOCUMENTS);
  writeFileSync(join(where, "src/uses.ts"), USES);
  writeFileSync(
    join(where, "codegen.json"),
    JSON.stringify({
      schema: [{ [`${URL_}/graphql`]: { headers: { Authorization: `Bearer ${await token()}` } } }],
      documents: ["src/**/*.ts"],
      generates: {
        "src/gql/": {
          preset: "client",
          presetConfig: { persistedDocuments: true },
          config: { scalars: { Decimal: "string", Date: "string", DateTime: "string", JSON: "unknown" }, useTypeImports: true },
        },
      },
    }),
  );
  await program("graphql-codegen", ["--config", "codegen.json"], where);
  writeFileSync(
    join(where, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true, noEmit: true, module: "esnext", moduleResolution: "bundler", target: "es2022", skipLibCheck: true, types: [],
      },
      include: ["src"],
    }),
  );
  await program("tsc", ["-p", "tsconfig.json"], where);

  // What it persisted is what the server takes by hash, once it was sent with its text.
  const persisted = JSON.parse(readFileSync(join(where, "src/gql/persisted-documents.json"), "utf8"));
  assert.equal(Object.keys(persisted).length, 4);
});

const RELAY = {
  "List.js": `
graphql\`query ListQuery($count: Int!, $cursor: String) { ...List_customers @arguments(count: $count, cursor: $cursor) }\`;
graphql\`fragment List_customers on Query @argumentDefinitions(count: {type: "Int", defaultValue: 5}, cursor: {type: "String"})
  @refetchable(queryName: "ListPageQuery") {
  customers(first: $count, after: $cursor, orderBy: [{code: ASC}]) @connection(key: "List_customers") {
    edges { node { id code name ...Detail_customer } }
  }
}\`;`,
  "Detail.js": `
graphql\`fragment Detail_customer on Customer @refetchable(queryName: "DetailRefetchQuery") {
  id name department { name } contacts(first: 2) { edges { node { id name } } }
}\`;`,
  "Change.js": `
graphql\`mutation ChangeMutation($id: ID!, $patch: UpdateCustomerInput!) {
  updateCustomer(id: $id, patch: $patch) { record { id name version } userErrors { code path message } }
}\`;`,
  "Live.js": `
graphql\`subscription LiveSubscription { customerChanged { kind record { id name } cursor } }\`;`,
};

test("Relay compiler: connections, refetchable fragments, and the server answers what it wrote", async () => {
  const where = folder("relay");
  mkdirSync(join(where, "src"), { recursive: true });
  const schema = buildClientSchema(await data(getIntrospectionQuery()));
  writeFileSync(join(where, "schema.graphql"), printSchema(schema));
  for (const [name, text] of Object.entries(RELAY)) writeFileSync(join(where, "src", name), text);
  writeFileSync(join(where, "package.json"), "{}");
  writeFileSync(
    join(where, "relay.config.json"),
    JSON.stringify({
      src: "./src", language: "javascript", schema: "./schema.graphql", persistConfig: { file: "./persisted.json" },
    }),
  );
  writeFileSync(join(where, "persisted.json"), "{}");
  await program("relay-compiler", ["relay.config.json"], where);
  assert.ok(readdirSync(join(where, "src/__generated__")).length >= 6);
  const persisted = JSON.parse(readFileSync(join(where, "persisted.json"), "utf8"));
  const customer = (await data("{ customers(first: 1) { nodes { id } } }")).customers.nodes[0].id;
  const variables = { count: 2, cursor: null, first: 2, id: customer, patch: { remark: "Relay" } };
  for (const text of Object.values(persisted)) {
    if (text.startsWith("subscription")) continue;
    const needed = Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(`$${name}:`)));
    const answer = await ask(text, { variables: needed });
    assert.equal(answer.errors, undefined, `${text}\n${JSON.stringify(answer.errors)}`);
  }
});
