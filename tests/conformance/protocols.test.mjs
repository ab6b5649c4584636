/** The audits of graphql-http, and the clients of graphql-ws and graphql-sse. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient as createSse } from "graphql-sse";
import { auditServer } from "graphql-http";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";
import { URL_, data, token } from "./support.mjs";

test("graphql-http: every MUST and SHOULD audit passes", async () => {
  const bearer = await token();
  const results = await auditServer({
    url: `${URL_}/graphql`,
    fetchFn: (input, init = {}) =>
      fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${bearer}` } }),
  });
  assert.ok(results.length >= 60, `${results.length} audits`);
  const failing = results.filter(({ status }) => status === "error" || status === "warn");
  assert.deepEqual(failing.map(({ name, reason }) => `${name}: ${reason}`), []);
});

const renamed = async (name) =>
  data(
    `mutation($name: String!) { createRegion(input: {code: $name, name: $name}) { record { id } userErrors { message } } }`,
    { variables: { name } },
  );

test("graphql-ws: a query, a subscription that hears a change, and the end of both", async () => {
  const bearer = await token();
  const client = createWs({
    url: `${URL_.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${bearer}` },
    retryAttempts: 0,
  });
  const asked = client.iterate({ query: "{ regions(first: 1) { totalCount } }" });
  const first = await asked.next();
  assert.ok(first.value.data.regions.totalCount > 0);
  assert.equal((await asked.next()).done, true);

  const told = client.iterate({ query: "subscription { regionChanged { kind record { code } } }" });
  const next = told.next();
  let heard = null;
  next.then((message) => { heard = message; });
  for (let round = 0; heard === null && round < 50; round += 1) {
    await renamed(`WS-${round}`);
    await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  assert.equal(heard.value.data.regionChanged.kind, "CREATED");
  await told.return();
  await client.dispose();
});

test("graphql-sse: a query and a subscription in distinct connections mode", async () => {
  const bearer = await token();
  const client = createSse({
    url: `${URL_}/graphql`,
    headers: { Authorization: `Bearer ${bearer}` },
    retryAttempts: 0,
  });
  const asked = client.iterate({ query: "{ regions(first: 1) { totalCount } }" });
  assert.ok((await asked.next()).value.data.regions.totalCount > 0);

  const told = client.iterate({ query: "subscription { regionChanged { kind record { code } } }" });
  const next = told.next();
  let heard = null;
  next.then((message) => { heard = message; });
  for (let round = 0; heard === null && round < 50; round += 1) {
    await renamed(`SSE-${round}`);
    await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  assert.equal(heard.value.data.regionChanged.kind, "CREATED");
  await told.return();
  client.dispose();
});
