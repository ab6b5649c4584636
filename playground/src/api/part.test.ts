/** Several root fields in one document. */

import { expect, test } from "vitest";
import { documentOf, type Part } from "./part";

const object = (name: string): Part => ({
  variables: { object: { type: "String!", value: name } },
  write: (variable) => `object(name: ${variable("object")}) { ...F }`,
  fragments: ["fragment F on ObjectInfo { name }"],
});

test("each part has its alias and variables, a fragment stands once", () => {
  expect(documentOf([object("Customer"), object("Lead"), { variables: {}, write: () => "preferences" }])).toEqual({
    query: [
      "query Together($a_object: String!, $b_object: String!) {",
      "  a: object(name: $a_object) { ...F }",
      "  b: object(name: $b_object) { ...F }",
      "  c: preferences",
      "}",
      "fragment F on ObjectInfo { name }",
    ].join("\n"),
    variables: { a_object: "Customer", b_object: "Lead" },
  });
});

test("what has no variables declares none, and what is undefined is not sent", () => {
  const part: Part = {
    variables: { filter: { type: "F", value: undefined } },
    write: (name) => `list(filter: ${name("filter")})`,
  };
  expect(documentOf([part])).toEqual({
    query: "query Together($a_filter: F) {\n  a: list(filter: $a_filter)\n}",
    variables: {},
  });
  expect(documentOf([{ variables: {}, write: () => "preferences" }]).query).toBe(
    "query Together {\n  a: preferences\n}",
  );
});
