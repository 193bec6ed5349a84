/**
 * Who does not import `jwt-gate/explain` has none of it: no file and no text of it is in a bundle.
 */
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const OTHERS = ['verify', 'express', 'lambda-authorizer', 'testing']
const TEXT = 'An ID token was sent where an access token is wanted'

/** The bundle of an entry point: its files, and its text. */
async function bundle(entry: string): Promise<{ files: string[]; text: string }> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`src/${entry}`],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'node',
  })
  return { files: Object.keys(metafile.inputs), text: outputFiles[0]?.text ?? '' }
}

const isOfExplain = (file: string): boolean =>
  file.startsWith('src/explain/') || file.endsWith('/explain-kit.ts')

describe.each([...OTHERS.map((name) => `${name}/index.ts`), 'standalone/start.ts'])(
  'the bundle of %s',
  (entry) => {
    test('has nothing of the explanations', async () => {
      const { files, text } = await bundle(entry)

      expect(files.length).toBeGreaterThan(3)
      expect(files.filter(isOfExplain)).toEqual([])
      expect(text).not.toContain(TEXT)
      expect(text).not.toContain('NODE_ENV')
    })
  },
)

test('the control: that of explain has it', async () => {
  const { files, text } = await bundle('explain/index.ts')

  expect(files.filter(isOfExplain).length).toBeGreaterThan(20)
  expect(text).toContain(TEXT)
})
