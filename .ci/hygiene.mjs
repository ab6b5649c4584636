/**
 * What a reader of the tree would find by hand: dependencies that nothing uses, snapshots that no test reads,
 * licences that do not go with ours, and, where the registry tells them, advisories.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const faults = [];

function files(folder, ending) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Licences that may be shipped with an Apache-2.0 program. */
const TAKEN = new Set([
  "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BlueOak-1.0.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause",
  "BSL-1.0", "CC0-1.0", "CC-BY-4.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "Python-2.0", "Unicode-3.0", "Unlicense", "Zlib",
]);

/** Packages that say in a file alone what they are licensed by: read once, for that version. */
const READ = new Map([["node_modules/@react-aria/optimize-locales-plugin 2.0.2", "Apache-2.0"]]);

/** Whether an SPDX expression can be met by licences that are taken. */
function taken(expression) {
  const text = expression.replaceAll("/", " OR ").replace(/\s+/g, " ").trim();
  let at = 0;
  const tokens = text.match(/\(|\)|AND\b|OR\b|[^()\s]+(?: WITH [^()\s]+)?/g) ?? [];
  const some = () => {
    let holds = all();
    while (tokens[at] === "OR") {
      at += 1;
      holds = all() || holds;
    }
    return holds;
  };
  const all = () => {
    let holds = one();
    while (tokens[at] === "AND") {
      at += 1;
      holds = one() && holds;
    }
    return holds;
  };
  const one = () => {
    const token = tokens[at];
    at += 1;
    if (token !== "(") return TAKEN.has(token);
    const holds = some();
    at += 1;
    return holds;
  };
  return some();
}

const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--format-version", "1", "--locked"], {
    cwd: root, maxBuffer: 256 * 1024 * 1024, stdio: ["ignore", "pipe", "ignore"],
  }),
);
for (const { name, version, license, source } of metadata.packages) {
  if (source !== null && !taken(license ?? "none")) faults.push(`licence of crate ${name} ${version}: ${license}`);
}
for (const folder of ["playground", "tests/conformance"]) {
  for (const manifest of files(`${folder}`, "package-lock.json")) {
    for (const [path, { license, version }] of Object.entries(JSON.parse(readFileSync(manifest)).packages)) {
      const said = license ?? READ.get(`${path} ${version}`) ?? "none";
      if (path !== "" && !taken(said)) faults.push(`licence of ${folder}'s ${path} ${version}: ${license}`);
    }
  }
}

const sources = ["src", "tests", "benches", "migrations/src"].flatMap((folder) => files(folder, ".rs"));
const rust = [...sources, join(root, "build.rs")].map((file) => readFileSync(file, "utf8")).join("\n");
for (const { name, source, dependencies } of metadata.packages) {
  if (source !== null) continue;
  for (const dependency of dependencies) {
    const word = (dependency.rename ?? dependency.name).replaceAll("-", "_");
    if (!new RegExp(`\\b${word}(::|!|;| as | \\{)`).test(rust)) faults.push(`crate ${name} does not use ${dependency.name}`);
  }
}
/** Packages that no file names, and what needs them. */
const NEEDED_BY = {
  rxjs: "@apollo/client",
  "@tiptap/pm": "@tiptap/core",
  "@apollo/generate-persisted-query-manifest": '"generate-persisted-query-manifest"',
  "@graphql-codegen/cli": "graphql-codegen",
  "@graphql-codegen/client-preset": 'preset: "client"',
  typescript: '"tsc"',
};

for (const folder of ["playground", "tests/conformance"]) {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, folder, "package.json")));
  const text = ["src", "."].filter((below) => existsSync(join(root, folder, below)))
    .flatMap((below) => readdirSync(join(root, folder, below), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(m?[jt]sx?|json|css)$/.test(entry.name))
    .filter((entry) => !/node_modules|dist/.test(entry.parentPath) && !entry.name.startsWith("package"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
  const scripts = readFileSync(join(root, folder, "package.json"), "utf8").match(/"scripts": \{[^}]*\}/)?.[0] ?? "";
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    // Types are used by the compiler, and programs by the scripts.
    const used = name.startsWith("@types/") || text.includes(NEEDED_BY[name] ?? name) || new RegExp(`\\b(${name}|tsc)\\b`).test(scripts);
    if (!used) faults.push(`${folder} does not use ${name}`);
  }
}

const tests = sources.map((file) => readFileSync(file, "utf8")).join("\n");
for (const file of files("tests", ".snap")) {
  const text = readFileSync(file, "utf8");
  const source = text.match(/^source: (.+)$/m)?.[1];
  const name = file.split("/").at(-1).replace(/\.snap$/, "").split("__").at(-1);
  const stem = name.replace(/_[^_]*$/, "_");
  const beside = existsSync(file.replace(/\.snap$/, ".graphql"));
  const read = source !== undefined && existsSync(join(root, source)) && (tests.includes(`"${name}"`) || tests.includes(`"${stem}{}"`));
  if (!beside && !read) faults.push(`no test reads the snapshot ${file.slice(root.length + 1)}`);
}

for (const folder of ["playground", "tests/conformance"]) {
  try {
    execFileSync("npm", ["audit", "--audit-level=high", "--omit=dev"], { cwd: join(root, folder), stdio: "pipe" });
    console.log(`advisories of ${folder}: none that is high`);
  } catch (error) {
    const told = `${error.stdout}${error.stderr}`;
    if (/endpoint returned an error|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.test(told)) {
      console.log(`advisories of ${folder}: this registry does not tell them`);
    } else {
      faults.push(`advisories of ${folder}:\n${told}`);
    }
  }
}

for (const fault of faults) console.error(fault);
console.log(`hygiene: ${metadata.packages.length} crates and both sets of packages looked at, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
