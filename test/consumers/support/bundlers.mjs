/**
 * The bundlers, with what a user would set for Node. Each makes one file, and returns its warnings.
 */
import { basename, dirname } from 'node:path'
import { promisify } from 'node:util'

/** @typedef {{ entry: string, outfile: string, format: 'esm' | 'cjs' }} Bundle */

export const BUNDLERS = {
  esbuild: async ({ entry, outfile, format }) => {
    const { build } = await import('esbuild')
    const options = { bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' }
    const { warnings } = await build({ ...options, entryPoints: [entry], outfile, format })
    return warnings
  },

  rollup: async ({ entry, outfile, format }) => {
    const { rollup } = await import('rollup')
    const { default: nodeResolve } = await import('@rollup/plugin-node-resolve')
    const warnings = []
    const bundle = await rollup({
      input: entry,
      external: /^node:/,
      plugins: [nodeResolve({ exportConditions: ['node'] })],
      onwarn: ({ message }) => warnings.push(message),
    })
    await bundle.write({ file: outfile, format })
    await bundle.close()
    return warnings
  },

  webpack: async (bundle) => {
    const { default: webpack } = await import('webpack')
    return runWebpack(webpack, bundle)
  },

  rspack: async (bundle) => {
    const { rspack } = await import('@rspack/core')
    return runWebpack(rspack, bundle)
  },
}

async function runWebpack(webpack, { entry, outfile, format }) {
  const isEsm = format === 'esm'
  const compiler = webpack({
    mode: 'production',
    target: 'node20',
    context: dirname(entry),
    entry,
    externalsPresets: { node: true },
    ...(isEsm && { externalsType: 'module', experiments: { outputModule: true } }),
    output: {
      path: dirname(outfile),
      filename: basename(outfile),
      library: { type: isEsm ? 'module' : 'commonjs2' },
    },
    optimization: { minimize: false },
  })
  const stats = await promisify(compiler.run.bind(compiler))()
  await promisify(compiler.close.bind(compiler))()
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return warnings
}
