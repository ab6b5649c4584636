/** Dimensions, owners and trees are read from definition texts. */

import { expect, test } from "vitest";
import { dimensionsOf, endsOf, readDefinitions } from "./defined";

const STANDARD = `
"A type Fake @dimension(name: NOT, path: \\"a\\") { in a string"
type Region @object(kind: SETUP, number: "YP{yyyy}-{seq:4}") { # type Comment @dimension(name: NOR, path: "b")
  parent: Region @field(label: "上级") @relation(inverse: "children", tree: true)
}
type Customer @object(kind: MASTER, label: "客户")
@responsible
@dimension(name: REGION, path: "region")
@dimension(name: LEVEL, path: "level") {
  "Where: type X { y }"
  region: Region! @field(label: "区域 {x}") @relation(inverse: "customers")
  level: Level @field(label: "级别")
  tags: [Tag!]
}
enum Level { A B }
type Visit @object(kind: DOCUMENT) @responsible(owner: visitor) @dimension(name: REGION, path: "customer.region") @dimension(name: CUSTOMER, path: "customer") {
  customer: Customer! @relation(inverse: "visits", parent: true)
}`;

test("dimensions, where they end, owners and trees", () => {
  const defined = readDefinitions([STANDARD]);
  expect([...dimensionsOf(defined)]).toEqual([
    ["CUSTOMER", ["Visit"]],
    ["LEVEL", ["Customer"]],
    ["REGION", ["Customer", "Visit"]],
  ]);
  expect(endsOf(defined, "REGION")).toEqual([{ object: "Region", field: null }]);
  expect(endsOf(defined, "LEVEL")).toEqual([{ object: "Customer", field: "level" }]);
  // A parent has no values of its own.
  expect(endsOf(defined, "CUSTOMER")).toEqual([]);
  expect(defined.get("Customer")?.owner).toBe("owner");
  expect(defined.get("Visit")?.owner).toBe("visitor");
  expect(defined.get("Region")?.tree).toBe("parent");
  expect([...defined.get("Customer")!.required]).toEqual(["region"]);
});

test("a later text gives another path, takes a dimension away, and adds one", () => {
  const defined = readDefinitions([
    STANDARD,
    `extend type Customer @dimension(name: LEVEL, removed: true) @dimension(name: TAG, path: "tags")
     extend type Visit @dimension(name: REGION, path: "area") { area: Region @relation(inverse: "visits") }
     type Tag { name: String }`,
  ]);
  expect([...dimensionsOf(defined).keys()]).toEqual(["CUSTOMER", "REGION", "TAG"]);
  expect(defined.get("Visit")?.dimensions.get("REGION")).toEqual(["area"]);
  expect(endsOf(defined, "TAG")).toEqual([{ object: "Tag", field: null }]);
});
