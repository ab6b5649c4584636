/**
 * The reference introspection query, as graphql-js writes it, is answered with every option, on both endpoints, for
 * everyone; and what it answers is a schema without faults.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema, validateSchema,
} from "graphql";
import { ACCOUNTS, ask, data } from "./support.mjs";

const ENDPOINTS = ["/graphql", "/metadata"];

/** Every combination of the options of `getIntrospectionQuery`. */
function* options() {
  const names = [
    "descriptions", "specifiedByUrl", "directiveIsRepeatable", "schemaDescription", "inputValueDeprecation", "oneOf",
  ];
  for (let bits = 0; bits < 2 ** names.length; bits += 1) {
    yield Object.fromEntries(names.map((name, place) => [name, (bits & (1 << place)) !== 0]));
  }
}

for (const endpoint of ENDPOINTS) {
  test(`${endpoint}: every option of the reference query`, async () => {
    for (const chosen of options()) {
      const answer = await ask(getIntrospectionQuery(chosen), { endpoint });
      assert.equal(answer.errors, undefined, `${JSON.stringify(chosen)}: ${JSON.stringify(answer.errors?.[0])}`);
    }
  });

  test(`${endpoint}: every role's schema is valid and prints what it was read from`, async () => {
    for (const account of ACCOUNTS) {
      const query = getIntrospectionQuery({
        specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true,
      });
      const schema = buildClientSchema(await data(query, { account, endpoint }));
      assert.deepEqual(validateSchema(schema), [], account);
      const printed = printSchema(lexicographicSortSchema(schema));
      assert.equal(printSchema(lexicographicSortSchema(buildSchema(printed))), printed, account);
    }
  });

  test(`${endpoint}: the query with its operation named`, async () => {
    const query = getIntrospectionQuery();
    const answer = await ask(query, { endpoint, operationName: "IntrospectionQuery" });
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors?.[0]));
  });
}
