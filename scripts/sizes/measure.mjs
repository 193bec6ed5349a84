/**
 * The size of a bundle: minified by esbuild for Node, with all npm packages that it needs inlined, and gzipped.
 */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { MINIFIED } from '../minified.mjs'

/**
 * @param code - the module to bundle
 * @param folder - where its imports are looked up
 * @param entries - files in place of packages, by the name that is imported
 * @param settings - more settings of esbuild
 */
export async function measure(code, folder, entries = new Map(), settings = {}) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder },
    write: false,
    ...MINIFIED,
    logLevel: 'error',
    ...settings,
    plugins: [fromFiles(entries), ...(settings.plugins ?? [])],
  })
  const [{ contents }] = outputFiles
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length }
}

function fromFiles(entries) {
  return {
    name: 'from-files',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^jwt-gate(?:$|\/)/ }, ({ path, kind, resolveDir }) => {
        const file = entries.get(path)
        // by esbuild itself, which then also reads "sideEffects" of package.json
        return file && resolve(file, { kind, resolveDir })
      })
    },
  }
}
