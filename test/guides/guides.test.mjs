/**
 * Every code block of the guides type-checks and runs, against the built package, with the frameworks and test runners that the
 * pages name.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { unzipSync } from 'fflate'
import { createTestIssuer } from 'jwt-gate/testing'
import { FOLDER, ROOT, run, runNode, writeBlocks } from './blocks.mjs'

const PAGES = [
  'testing',
  'fastify',
  'koa',
  'nestjs',
  'hono',
  'nextjs',
  'middy',
  'networks',
  'runtimes',
  'websockets',
  'migrating-from-jose',
  'migrating-from-passport-jwt',
  'migrating-from-fastify-jwt',
]
const pages = new Map(PAGES.map((page) => [page, writeBlocks(page)]))
const folderOf = (page) => pages.get(page).folder
after(() => rmSync(FOLDER, { recursive: true, force: true }))

test('every page has blocks', () => {
  for (const [page, { count }] of pages) assert.ok(count > 1, page)
})

describe('types', () => {
  test('every block compiles', () => run('typescript/bin/tsc', ['-p', import.meta.dirname]))

  test('a block that does not compile is detected', async () => {
    const file = join(FOLDER, 'bad.ts')
    writeFileSync(file, "import { nothing } from 'jwt-gate/issuers'\nnothing()\n")
    try {
      await assert.rejects(
        run('typescript/bin/tsc', ['-p', import.meta.dirname]),
        /bad\.ts.*TS2305/,
      )
    } finally {
      rmSync(file)
    }
  })
})

describe('testing.md', () => {
  test('Vitest', async () => {
    // otherwise the one of this project would be found; keys take seconds on a busy machine
    const config = 'export default { test: { testTimeout: 120_000, hookTimeout: 120_000 } }\n'
    writeFileSync(join(folderOf('testing'), 'vitest.config.js'), config)
    const output = await run(
      'vitest/vitest.mjs',
      ['run', '--exclude', '**/*.node.test.ts', '--exclude', 'cjs/**'],
      folderOf('testing'),
    )

    assert.match(output, /Test Files {2}9 passed \(9\)/)
  })

  test('node:test', async () => {
    const output = await runNode(
      ['--import', 'tsx', '--test', '--test-reporter=tap', 'app.node.test.ts'],
      folderOf('testing'),
    )

    assert.match(output, /# pass 2\n# fail 0/)
  })

  test('by hand, with the keys in a file', async () => {
    const issuer = await createTestIssuer()
    writeFileSync(join(folderOf('testing'), 'jwks.json'), JSON.stringify(issuer.jwks))
    const token = await issuer.accessToken({
      iss: 'https://tenant.eu.auth0.com/',
      aud: 'https://api.example.com',
      azp: 'web-shop',
      permissions: ['read:orders'],
    })
    const script = `
      import { verifier } from './verifier.ts'
      console.log((await verifier.verify('${token}')).claims.permissions)`
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script]

    assert.match(await runNode(args, folderOf('testing')), /read:orders/)
  })

  test('Jest', async () => {
    const output = await run(
      'jest/bin/jest.js',
      ['--testMatch', '**/*.jest.test.js'],
      join(folderOf('testing'), 'cjs'),
    )

    assert.match(output, /Tests: {7}4 passed, 4 total/)
  })
})

test('standalone.md: the program calls the zip', async () => {
  const page = readFileSync(join(ROOT, 'docs/standalone.md'), 'utf8')
  const [, code] = page.match(/^<!-- try\.mjs -->\n```js\n([\s\S]*?)^```/m)
  const folder = join(FOLDER, 'standalone')
  mkdirSync(join(folder, 'authorizer'), { recursive: true })
  const zip = unzipSync(readFileSync(join(ROOT, 'dist/lambda-authorizer.zip')))
  for (const [name, bytes] of Object.entries(zip)) {
    writeFileSync(join(folder, 'authorizer', name), bytes)
  }
  writeFileSync(join(folder, 'try.mjs'), code)

  assert.match(await runNode(['try.mjs'], folder), /principalId: '[\da-f]{8}-/)
})
