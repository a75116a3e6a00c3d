#!/usr/bin/env node
// Plain old JavaScript up to the version test, so that an old Node says one sentence instead of a syntax error.
var major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    "AirCan needs Node.js 24 or newer, but this is Node.js " +
      process.versions.node +
      ". Install a newer one from https://nodejs.org.\n",
  );
  process.exitCode = 2;
} else {
  start();
}

function start() {
  import("node:module").then((module) => {
    module.enableCompileCache();
    return import("node:fs").then((fs) => {
      // A checkout has the source, a package only what was built from it.
      var source = new URL("../src/cli/main.ts", import.meta.url);
      return import(
        fs.existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href
      );
    });
  });
}
