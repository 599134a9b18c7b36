// Bundles our scripts and styles into dist/, which the Go program embeds.
// Names stay as they are: the program serves them under the hash of the whole.
import { build } from "esbuild";
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");

await mkdir(out, { recursive: true });
for (const name of await readdir(out)) {
  if (name !== ".keep") await rm(join(out, name), { recursive: true });
}
await build({
  absWorkingDir: here,
  entryPoints: ["src/app.js", "src/app.css", "src/noscript.css"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: ["es2022"],
  legalComments: "eof",
  logLevel: "warning",
});
await cp(join(here, "src/icon.svg"), join(out, "icon.svg"));
