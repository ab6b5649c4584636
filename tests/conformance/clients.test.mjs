/** Apollo Client and urql as they come: queries, mutations, caches, persisted queries, subscriptions. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ApolloClient, HttpLink, InMemoryCache, gql as apolloGql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { Client as Urql, cacheExchange, fetchExchange, gql, subscriptionExchange } from "@urql/core";
import { cacheExchange as graphcache } from "@urql/exchange-graphcache";
import { persistedExchange } from "@urql/exchange-persisted";
import { getIntrospectionQuery } from "graphql";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";
import { URL_, data, token } from "./support.mjs";

const ENDPOINT = `${URL_}/graphql`;
const LIST = `query List($first: Int!, $after: String) {
  customers(first: $first, after: $after, orderBy: [{code: ASC}]) {
    totalCount nodes { id code name department { id name } } pageInfo { hasNextPage endCursor }
  }
}`;
const CREATE = `mutation Create($input: CreateRegionInput!) {
  createRegion(input: $input) { record { id code name } userErrors { code path message } }
}`;
const bearer = await token();
const headers = { Authorization: `Bearer ${bearer}` };
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** A fetch that keeps what was sent. */
function watched() {
  const sent = [];
  const seen = async (input, init) => {
    const response = await fetch(input, init);
    sent.push({ url: String(input), method: init?.method ?? "GET", status: response.status });
    return response;
  };
  return { sent, seen };
}

function apollo(link) {
  return new ApolloClient({ link, cache: new InMemoryCache() });
}

async function apolloStory(client, code) {
  const query = apolloGql(LIST);
  const page = await client.query({ query, variables: { first: 3 } });
  assert.ok(!page.error, String(page.error));
  assert.equal(page.data.customers.nodes.length, 3);
  const again = await client.query({ query, variables: { first: 3 }, fetchPolicy: "cache-only" });
  assert.deepEqual(again.data, page.data);
  const made = await client.mutate({ mutation: apolloGql(CREATE), variables: { input: { code, name: code } } });
  assert.deepEqual(made.data.createRegion.userErrors, []);
}

test("Apollo Client: its defaults", async () => {
  await apolloStory(apollo(new HttpLink({ uri: ENDPOINT, headers })), "APOLLO-1");
});

for (const useGETForHashedQueries of [false, true]) {
  test(`Apollo Client: automatic persisted queries, ${useGETForHashedQueries ? "GET" : "POST"}`, async () => {
    const { sent, seen } = watched();
    const link = new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(
      new HttpLink({ uri: ENDPOINT, headers, fetch: seen }),
    );
    const client = apollo(link);
    const query = apolloGql(`query Hashed { regions(first: ${useGETForHashedQueries ? 2 : 3}) { totalCount } }`);
    for (let round = 0; round < 2; round += 1) {
      const answer = await client.query({ query, fetchPolicy: "network-only" });
      assert.ok(!answer.error, String(answer.error));
    }
    assert.equal(sent.length, 3, JSON.stringify(sent));
    assert.equal(sent[2].method, useGETForHashedQueries ? "GET" : "POST");
  });
}

function socket() {
  return createWs({
    url: ENDPOINT.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${bearer}` },
    retryAttempts: 0,
  });
}

/** Changes regions until something was heard. */
async function until(heard, prefix) {
  for (let round = 0; !heard() && round < 50; round += 1) {
    const code = `${prefix}-${round}`;
    await data(CREATE, { variables: { input: { code, name: code } } });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(heard(), "nothing was heard");
}

test("Apollo Client: a subscription over graphql-ws", async () => {
  const ws = socket();
  const client = apollo(new GraphQLWsLink(ws));
  let heard = null;
  const running = client
    .subscribe({ query: apolloGql("subscription { regionChanged { kind record { id code } cursor } }") })
    .subscribe({ next: (message) => { heard = message; }, error: (error) => { heard = { error }; } });
  await until(() => heard, "APOLLO-WS");
  assert.ok(!heard.error, String(heard.error));
  assert.equal(heard.data.regionChanged.kind, "CREATED");
  running.unsubscribe();
  await ws.dispose();
});

const urqlOptions = (exchanges, fetcher) => ({
  url: ENDPOINT,
  exchanges,
  fetch: fetcher,
  fetchOptions: { headers },
});

async function urqlStory(client, code) {
  const page = await client.query(gql(LIST), { first: 3 }).toPromise();
  assert.ok(!page.error, String(page.error));
  assert.equal(page.data.customers.nodes.length, 3);
  const short = await client.query(gql("{ regions(first: 1) { totalCount } }"), {}).toPromise();
  assert.ok(!short.error, String(short.error));
  const made = await client.mutation(gql(CREATE), { input: { code, name: code } }).toPromise();
  assert.ok(!made.error, String(made.error));
  assert.deepEqual(made.data.createRegion.userErrors, []);
}

test("urql: its defaults", async () => {
  await urqlStory(new Urql(urqlOptions([cacheExchange, fetchExchange], fetch)), "URQL-1");
});

test("urql: the normalising cache, with the schema, hits what it keeps", async () => {
  const schema = await data(getIntrospectionQuery());
  const { sent, seen } = watched();
  const client = new Urql(urqlOptions([graphcache({ schema }), fetchExchange], seen));
  await urqlStory(client, "URQL-2");
  const before = sent.length;
  const again = await client.query(gql(LIST), { first: 3 }).toPromise();
  assert.ok(!again.error, String(again.error));
  assert.equal(sent.length, before);
});

test("urql: persisted queries, as the exchange comes", async () => {
  const { sent, seen } = watched();
  const client = new Urql(urqlOptions([persistedExchange({}), fetchExchange], seen));
  for (let round = 0; round < 2; round += 1) {
    const answer = await client
      .query(gql("query UrqlHashed { regions(first: 4) { totalCount } }"), {}, { requestPolicy: "network-only" })
      .toPromise();
    assert.ok(!answer.error, `${String(answer.error)} ${JSON.stringify(sent)}`);
  }
  assert.equal(sent.length, 3, JSON.stringify(sent));
});

test("urql: a subscription over graphql-ws", async () => {
  const ws = socket();
  const client = new Urql(
    urqlOptions([
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => ({
            unsubscribe: ws.subscribe({ query: operation.query, variables: operation.variables }, sink),
          }),
        }),
      }),
    ], fetch),
  );
  let heard = null;
  const { unsubscribe } = client
    .subscription(gql("subscription { regionChanged { kind record { id code } cursor } }"), {})
    .subscribe((message) => { heard = message; });
  await until(() => heard, "URQL-WS");
  assert.ok(!heard.error, String(heard.error));
  assert.equal(heard.data.regionChanged.kind, "CREATED");
  unsubscribe();
  await ws.dispose();
});
