/**
 * The recipes of docs/limits.md for documents by name, with the tools that write the lists and the clients that send
 * the names, against servers that take nothing else.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql as apolloGql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { generatePersistedQueryIdsFromManifest } from "@apollo/persisted-query-lists";
import { Client as Urql, cacheExchange, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { buildClientSchema, getIntrospectionQuery, printSchema } from "graphql";
import { command, start } from "./server.mjs";
import { data, folder } from "./support.mjs";

const run = promisify(execFile);
const modules = join(import.meta.dirname, "node_modules");
const ACCOUNT = { account: "recipes", password: "a password of the recipes 7" };
const QUERY = "query Regions($first: Int) { regions(first: $first) { totalCount nodes { id code } } }";
const MUTATION =
  "mutation MakeRegion($code: String!) { createRegion(input: {code: $code, name: $code}) { record { id code } userErrors { code } } }";

let schema;
const servers = [];

before(async () => {
  schema = printSchema(buildClientSchema(await data(getIntrospectionQuery())));
});

after(async () => {
  for (const server of servers) await server.stop();
});

/** A folder with the schema and the packages. */
function project(name) {
  const where = folder(name);
  mkdirSync(join(where, "src"), { recursive: true });
  symlinkSync(modules, join(where, "node_modules"));
  writeFileSync(join(where, "package.json"), `{"type": "module"}`);
  writeFileSync(join(where, "schema.graphql"), schema);
  return where;
}

async function program(name, args, cwd) {
  return run(join(modules, ".bin", name), args, { cwd, maxBuffer: 64 * 1024 * 1024 }).catch((error) => {
    throw new Error(`${name} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`);
  });
}

/** A server that takes the documents of a list and no others, and the headers of an administrator there. */
async function strict(where, list) {
  const env = {
    TRADEWIND_DOCUMENTS_FILE: join(where, list),
    TRADEWIND_DOCUMENTS_ONLY: "true",
    TRADEWIND_DATABASE_URL: `sqlite://${join(where, "recipes.db")}`,
  };
  const add = ["user", "add", ACCOUNT.account, "--administrator", "--password-stdin"];
  command(add, { cwd: where, env, input: `${ACCOUNT.password}\n` });
  const server = await start([], { cwd: where, env });
  servers.push(server);
  const response = await fetch(`${server.url}/auth/login`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(ACCOUNT),
  });
  const { accessToken } = await response.json();
  const headers = { Authorization: `Bearer ${accessToken}` };
  const other = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ query: "{ regions { totalCount } }" }),
  });
  assert.equal((await other.json()).errors[0].extensions.code, "PERSISTED_QUERY_ONLY");
  return { uri: `${server.url}/graphql`, headers };
}

test("Apollo, list: the manifest of its generator", async () => {
  const where = project("apollo-list");
  writeFileSync(
    join(where, "src/documents.js"),
    `import { gql } from "@apollo/client";\nexport const a = gql\`${QUERY}\`;\nexport const b = gql\`${MUTATION}\`;\n`,
  );
  writeFileSync(
    join(where, "persisted-query-manifest.config.json"),
    JSON.stringify({ documents: ["src/**/*.js"], output: "manifest.json" }),
  );
  await program("generate-persisted-query-manifest", ["--config", "persisted-query-manifest.config.json"], where);
  const manifest = JSON.parse(readFileSync(join(where, "manifest.json"), "utf8"));
  const { uri, headers } = await strict(where, "manifest.json");
  const link = new PersistedQueryLink(
    generatePersistedQueryIdsFromManifest({ loadManifest: () => Promise.resolve(manifest) }),
  );
  const client = new ApolloClient({
    link: ApolloLink.from([link, new HttpLink({ uri, headers })]),
    cache: new InMemoryCache(),
  });
  const asked = await client.query({ query: apolloGql(QUERY), variables: { first: 2 } });
  assert.equal(asked.data.regions.totalCount, 0);
  const made = await client.mutate({ mutation: apolloGql(MUTATION), variables: { code: "AP" } });
  assert.equal(made.data.createRegion.record.code, "AP");
});

test("urql, list: the client preset's persisted documents", async () => {
  const where = project("urql-list");
  writeFileSync(
    join(where, "src/documents.ts"),
    `import { graphql } from "./gql/index";\nexport const a = graphql(\`${QUERY}\`);\nexport const b = graphql(\`${MUTATION}\`);\n`,
  );
  writeFileSync(
    join(where, "codegen.json"),
    JSON.stringify({
      schema: "schema.graphql",
      documents: ["src/**/*.ts"],
      generates: {
        "src/gql/": { preset: "client", presetConfig: { persistedDocuments: { hashAlgorithm: "sha256" } } },
      },
    }),
  );
  await program("graphql-codegen", ["--config", "codegen.json"], where);
  const { uri, headers } = await strict(where, "src/gql/persisted-documents.json");
  // The generated module is TypeScript; its documents are JSON after the name.
  const generated = readFileSync(join(where, "src/gql/graphql.ts"), "utf8");
  const documents = Object.fromEntries(
    [...generated.matchAll(/export const (\w+)Document = (\{.*?\}) as unknown as/g)].map(([, name, json]) => [name, JSON.parse(json)]),
  );
  assert.deepEqual(Object.keys(documents).sort(), ["MakeRegion", "Regions"]);
  const client = new Urql({
    url: uri,
    fetchOptions: { headers },
    exchanges: [
      cacheExchange,
      persistedExchange({
        enforcePersistedQueries: true,
        enableForMutation: true,
        generateHash: (_, document) => Promise.resolve(document.__meta__.hash),
      }),
      fetchExchange,
    ],
  });
  const asked = await client.query(documents.Regions, { first: 2 }).toPromise();
  assert.ok(!asked.error, String(asked.error));
  assert.equal(asked.data.regions.totalCount, 0);
  const made = await client.mutation(documents.MakeRegion, { code: "UR" }).toPromise();
  assert.ok(!made.error, String(made.error));
  assert.equal(made.data.createRegion.record.code, "UR");
});

test("Relay, list: persistConfig, and documentId in the network's fetch", async () => {
  const where = project("relay-list");
  writeFileSync(join(where, "src/Regions.js"), `graphql\`${QUERY.replace("Regions", "RegionsQuery")}\`;`);
  writeFileSync(
    join(where, "relay.config.json"),
    JSON.stringify({
      src: "./src", language: "javascript", schema: "./schema.graphql", persistConfig: { file: "./persisted.json" },
    }),
  );
  writeFileSync(join(where, "persisted.json"), "{}");
  await program("relay-compiler", ["relay.config.json"], where);
  const { uri, headers } = await strict(where, "persisted.json");
  const [documentId] = Object.keys(JSON.parse(readFileSync(join(where, "persisted.json"), "utf8")));
  const response = await fetch(uri, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ documentId, variables: { first: 2 } }),
  });
  assert.equal((await response.json()).data.regions.totalCount, 0);
});
