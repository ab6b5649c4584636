/**
 * Generated documents: the server refuses what graphql-js refuses, and takes what it takes.
 *
 * Documents are drawn from the schema, valid ones and ones with a fault put in, from a seed
 * (`CONFORMANCE_SEED`, `CONFORMANCE_DOCUMENTS` for longer runs). Limits are no disagreement: what is refused by one of
 * them is drawn again. Directives and conditions of ours that change what is valid (`@optional`) are not drawn.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  buildClientSchema, getIntrospectionQuery, getNamedType, getNullableType, isEnumType, isInputObjectType, isLeafType,
  isListType, isNonNullType, isScalarType, parse, specifiedRules, validate,
} from "graphql";
import { ask, data } from "./support.mjs";

const SEED = Number(process.env.CONFORMANCE_SEED ?? 20261128);
const DOCUMENTS = Number(process.env.CONFORMANCE_DOCUMENTS ?? 1500);
/** Codes by which the server says that a document or its variables are wrong. */
const WRONG = /^(GRAPHQL_|INPUT_)/;

/** mulberry32: small, and the same everywhere. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

class Writer {
  constructor(schema, next) {
    this.schema = schema;
    this.next = next;
    this.variables = new Map();
    this.fragments = [];
    this.faults = 0;
  }

  below(bound) {
    return Math.floor(this.next() * bound);
  }

  chance(share) {
    return this.next() < share;
  }

  pick(all) {
    return all[this.below(all.length)];
  }

  /** Whether a fault is put in here; one a document, and often none. */
  fault(share) {
    if (this.faulty && this.faults === 0 && this.chance(share)) {
      this.faults += 1;
      return true;
    }
    return false;
  }

  scalar(name) {
    if (this.fault(0.1)) return this.pick(["{a: 1}", "[[1]]", "NOT_A_VALUE", "2147483648", "-2147483649"]);
    switch (name) {
      case "Int": return this.pick(["0", "1", "20", "-1", "2147483647"]);
      case "Float": return "1.5";
      case "Boolean": return this.pick(["true", "false"]);
      case "ID": return this.pick(['"019a0000-0000-7000-8000-000000000000"', "7"]);
      case "Decimal": return this.pick(['"1.5"', "3"]);
      case "Date": return '"2026-01-31"';
      case "DateTime": return '"2026-01-31T08:00:00Z"';
      default: return this.pick(['"a"', '"天津"', '"\\u{1F600}"', '"\\uD83D\\uDE00"', '"""block"""']);
    }
  }

  /** A literal of a type, or a variable that stands for one. */
  value(type, depth) {
    if (isNonNullType(type)) {
      if (this.fault(0.05)) return "null";
      return this.value(type.ofType, depth);
    }
    if (this.chance(0.12) && this.variables.size < 8) {
      const name = `v${this.variables.size}`;
      const given = this.fault(0.1) ? this.pick(["Int", "[String!]", "Boolean", "CustomerFilter"]) : `${type}`;
      this.variables.set(name, given);
      return `$${name}`;
    }
    if (isListType(type)) {
      const inner = () => this.value(type.ofType, depth);
      if (this.chance(0.2)) return inner();
      return `[${Array.from({ length: 1 + this.below(2) }, inner).join(", ")}]`;
    }
    if (isEnumType(type)) {
      if (this.fault(0.1)) return this.pick(["NO_SUCH", '"A"', "1"]);
      return this.pick(type.getValues()).name;
    }
    if (isScalarType(type)) return this.scalar(type.name);
    return this.object(type, depth);
  }

  object(type, depth) {
    const all = Object.values(type.getFields());
    const needed = all.filter(({ type: inner, defaultValue }) => isNonNullType(inner) && defaultValue === undefined);
    const chosen = new Set(this.fault(0.05) ? needed.slice(1) : needed);
    const simple = all.filter(({ type: inner }) => depth > 0 || isLeafType(getNamedType(inner)));
    for (let more = this.below(3); more > 0 && simple.length > 0; more -= 1) chosen.add(this.pick(simple));
    const parts = [...chosen].map((field) => `${field.name}: ${this.value(field.type, depth - 1)}`);
    if (this.fault(0.05)) parts.push("noSuch: 1");
    if (parts.length > 0 && this.fault(0.03)) parts.push(parts[0]);
    return `{${parts.join(", ")}}`;
  }

  directive() {
    if (this.fault(0.1)) return this.pick([" @nope", " @skip", " @include(if: 1)", " @skip(if: true, a: 1)", " @skip(if: true) @skip(if: true)"]);
    if (!this.chance(0.08)) return "";
    const name = this.pick(["skip", "include"]);
    if (this.chance(0.5)) return ` @${name}(if: ${this.pick(["true", "false"])})`;
    const variable = `v${this.variables.size}`;
    this.variables.set(variable, this.fault(0.2) ? "Boolean" : this.pick(["Boolean!", "Boolean = true"]));
    return ` @${name}(if: $${variable})`;
  }

  field(parent, depth) {
    if (this.chance(0.06)) {
      const alias = this.chance(0.3) ? "t: " : "";
      const odd = this.fault(0.2) ? this.pick(["(a: 1)", " { a }", " @nope", " @skip"]) : "";
      return `${alias}__typename${odd}${odd === "" ? this.directive() : ""}`;
    }
    if (this.fault(0.03)) return "noSuchField";
    const all = Object.values(parent.getFields()).filter((field) => depth > 0 || isLeafType(getNamedType(field.type)));
    if (all.length === 0) return "__typename";
    const field = this.pick(all);
    const needed = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
    const chosen = new Set(this.fault(0.05) ? needed.slice(1) : needed);
    for (const argument of field.args) {
      if (this.chance(0.15) && !["after", "before", "last", "asOf"].includes(argument.name)) chosen.add(argument);
    }
    const written = [...chosen].map((argument) =>
      argument.name === "first" ? `first: ${1 + this.below(3)}` : `${argument.name}: ${this.value(argument.type, 1)}`);
    if (this.fault(0.03)) written.push("noSuchArgument: 1");
    const args = written.length > 0 ? `(${written.join(", ")})` : "";
    const alias = this.chance(0.7) ? `a${this.below(1000)}: ` : "";
    const leaf = isLeafType(getNamedType(field.type));
    if (leaf) return `${alias}${field.name}${args}${this.directive()}${this.fault(0.03) ? " { id }" : ""}`;
    if (this.fault(0.03)) return `${alias}${field.name}${args}`;
    return `${alias}${field.name}${args}${this.directive()} ${this.selection(getNamedType(field.type), depth - 1)}`;
  }

  selection(type, depth) {
    if (!("getFields" in type)) return "{ __typename }";
    const parts = Array.from({ length: 1 + this.below(3) }, () => this.field(type, depth));
    if (this.chance(0.1)) {
      const on = this.fault(0.2) ? this.pick(["Region", "NoSuchType", "CustomerFilter"]) : type.name;
      parts.push(`... on ${on} { __typename }`);
    }
    if (this.chance(0.06) && this.fragments.length < 3) {
      const name = `F${this.fragments.length}`;
      const inner = this.field(type, 0);
      this.fragments.push(`fragment ${name} on ${type.name} { __typename ${inner} }`);
      parts.push(this.fault(0.2) ? "...NoSuchFragment" : `...${name}`);
    }
    return `{ ${parts.join(" ")} }`;
  }

  document() {
    this.faulty = this.chance(0.6);
    const body = this.selection(this.schema.getQueryType(), 3);
    const declared = [...this.variables].map(([name, type]) => `$${name}: ${type}`);
    if (this.fault(0.1)) declared.push("$unused: Int");
    const head = declared.length > 0 ? `query Q(${declared.join(", ")})` : this.pick(["", "query Q "]);
    return [`${head} ${body}`, ...this.fragments].join("\n");
  }
}

test(`${DOCUMENTS} generated documents`, async () => {
  const schema = buildClientSchema(await data(getIntrospectionQuery()));
  const next = random(SEED);
  const disagreements = [];
  let compared = 0;
  let refusedByBoth = 0;
  for (let drawn = 0; compared < DOCUMENTS && drawn < DOCUMENTS * 4; drawn += 1) {
    const text = new Writer(schema, next).document();
    const faults = validate(schema, parse(text), specifiedRules);
    const answer = await ask(text);
    const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.code ?? "");
    assert.ok(!codes.includes("INTERNAL"), `INTERNAL for\n${text}`);
    // Without their variables, valid operations that need one end in a refusal of variables only.
    if (codes.some((code) => code.startsWith("LIMIT_") || code === "INPUT_VARIABLE")) continue;
    if (faults.length === 0 && codes.some((code) => code.startsWith("INPUT_")) && answer.data !== undefined) continue;
    compared += 1;
    const refused = answer.data === undefined && codes.some((code) => WRONG.test(code));
    if (faults.length > 0 && refused) refusedByBoth += 1;
    if (faults.length > 0 !== refused) {
      disagreements.push(`${faults[0]?.message ?? "valid"} | ${JSON.stringify(answer.errors?.[0] ?? "taken")}\n${text}`);
    }
  }
  assert.ok(compared >= DOCUMENTS / 2, `only ${compared} documents could be compared`);
  assert.ok(refusedByBoth > compared / 10, `only ${refusedByBoth} of ${compared} had a fault`);
  assert.deepEqual(disagreements.slice(0, 20), [], `${disagreements.length} of ${compared}`);
});
