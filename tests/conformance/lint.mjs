/**
 * Schema linters: graphql-eslint's schema rules and graphql-inspector's, over what the server says of itself.
 *
 * The linter keeps what it found out about one schema for the whole process, so that each endpoint has a test file.
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as plugin from "@graphql-eslint/eslint-plugin";
import { diff } from "@graphql-inspector/core";
import { ESLint } from "eslint";
import { buildClientSchema, buildSchema, getIntrospectionQuery, printSchema } from "graphql";
import { command } from "./server.mjs";
import { data, folder } from "./support.mjs";

/** Rules of graphql-eslint's `schema-recommended` set that the API breaks on purpose: docs/decisions/0120. */
const EXPLAINED = {
  "@graphql-eslint/naming-convention": "off",
  "@graphql-eslint/strict-id-in-types": "off",
  "@graphql-eslint/no-typename-prefix": "off",
};

/** Relay's rules, for records: lists that are no connections, and one connection without edges, are explained there too. */
const RELAY = {
  "@graphql-eslint/relay-edge-types": [
    "error", { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
  ],
  "@graphql-eslint/relay-page-info": "error",
  "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
  "@graphql-eslint/relay-connection-types": "error",
};

/** What is known and explained of one type alone. */
const KNOWN = [
  "Connection type must contain a field `edges` that return a list type. HistoryConnection",
  "Edge type's field `node` must implement `Node` interface. TimelineEdge",
];

/** The tests of one endpoint's schema. */
export function lint(endpoint) {
  test(`graphql-eslint: ${endpoint}`, async () => {
    const schema = buildClientSchema(await data(getIntrospectionQuery({ specifiedByUrl: true }), { endpoint }));
    const where = folder(`lint${endpoint.replace("/", "-")}`);
    const file = join(where, "schema.graphql");
    writeFileSync(file, printSchema(schema));
    const recommended = plugin.default.configs["flat/schema-recommended"].rules;
    const rules = { ...recommended, ...(endpoint === "/graphql" ? RELAY : {}), ...EXPLAINED };
    const eslint = new ESLint({
      cwd: where,
      overrideConfigFile: true,
      overrideConfig: [
        {
          files: ["**/*.graphql"],
          plugins: { "@graphql-eslint": plugin.default },
          languageOptions: {
            parser: plugin.default.parser ?? plugin.parser,
            parserOptions: { graphQLConfig: { schema: file } },
          },
          rules,
        },
      ],
    });
    const results = await eslint.lintFiles([file]);
    const found = new Map();
    const lines = printSchema(schema).split("\n");
    for (const { ruleId, message, line } of results.flatMap((result) => result.messages)) {
      const type = lines.slice(0, line).findLast((text) => /^type \w/.test(text));
      if (KNOWN.includes(`${message} ${/\w+$/.exec(/^type \w+/.exec(type)?.[0])?.[0]}`)) continue;
      found.set(ruleId, [...(found.get(ruleId) ?? []), message]);
    }
    const told = [...found].map(([rule, all]) => `${rule}: ${all.length}, such as ${all.slice(0, 3).join(" | ")}`);
    assert.deepEqual(told, []);
  });

  test(`graphql-inspector: ${endpoint} as it is introspected and as it is printed are one`, async () => {
    const schema = buildClientSchema(await data(getIntrospectionQuery({ specifiedByUrl: true }), { endpoint }));
    const introspected = buildSchema(printSchema(schema));
    const printed = endpoint === "/graphql" ? command(["schema", "print"], { cwd: folder("print") }) : printSchema(introspected);
    const changes = await diff(introspected, buildSchema(printed));
    // What is printed has parts that no object of the company uses yet; nothing may differ or be missing.
    const told = changes.filter(({ criticality }) => criticality.level !== "NON_BREAKING");
    assert.deepEqual(told.map(({ message }) => message), []);
  });
}
