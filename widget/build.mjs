// Builds bot/channels/page/widget.js from src/ and strings/en.json, the same bytes each time.
//   node build.mjs            writes the file and the language files
//   node build.mjs --stdout   prints the script instead
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PAGE = here("../bot/channels/page/");

/** The hash of everything that the script is made of: a test compares it without Node. */
async function sourceHash() {
  const names = [];
  for (const folder of ["src", "strings"]) {
    for (const name of await readdir(here(folder))) names.push(`${folder}/${name}`);
  }
  names.push("build.mjs", "package-lock.json", "package.json", "tsconfig.json");
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    hash
      .update(`${name}\0`)
      .update(await readFile(here(name)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

const styles = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await transform(source, {
        loader: "css",
        minify: true,
        target: "chrome111",
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: [here("src/main.ts")],
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  plugins: [styles],
});
// names that compress better; values are left alone, because the server fills one in
const { code } = await minify(outputFiles[0].text, {
  ecma: 2020,
  compress: { evaluate: false, reduce_vars: false, passes: 2 },
});
// the style's own properties by a letter; those that a page may set keep their names
const own = [
  ...new Set((await readFile(here("src/styles.css"), "utf8")).match(/--(?!waymark)[a-z-]+/g)),
];
const letters = new Map(own.sort().map((name, index) => [name, `--${index.toString(36)}`]));
const short = code.replace(/--[a-z-]+/g, (name) => letters.get(name) ?? name);
const script = `/* Waymark chat. Apache-2.0. Source ${await sourceHash()} */\n${short}\n`;

if (process.argv.includes("--stdout")) {
  process.stdout.write(script);
} else {
  await writeFile(`${PAGE}widget.js`, script);
  await mkdir(`${PAGE}widget`, { recursive: true });
  for (const name of await readdir(here("strings"))) {
    const words = JSON.parse(await readFile(here(`strings/${name}`), "utf8"));
    await writeFile(`${PAGE}widget/${name}`, `${JSON.stringify(words)}\n`);
  }
}
