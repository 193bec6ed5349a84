/**
 * What ships: the files of the tarball that npm would publish, and their use from outside as each kind of module.
 */
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { allowed, UNAUTHORIZED } from '../lambda-runtime/outcomes.ts'
import { compile, linesWithErrors } from './compile.ts'
import { externalImports } from './imports.ts'
import { askHandler } from './lambda-handler.ts'
import { install, listEntries, listSources, makeWorkspace, pack, runNode } from './pack.ts'

const workspace = await makeWorkspace()
afterAll(() => rm(workspace, { recursive: true, force: true }))

const sources = await listSources()
const entries = await listEntries()
const packed = await pack(workspace)
const npm = ['jose', 'lru-cache']
const esm = await install(packed, join(workspace, 'esm'), npm)
// without these two on purpose: AWS Lambda cannot require() jose
const cjs = await install(packed, join(workspace, 'cjs'), [])
const types = ['@types/node', '@types/express', '@types/aws-lambda']
const typescript = await install(packed, join(workspace, 'typescript'), [...npm, ...types])
const USAGE = join(import.meta.dirname, 'consumer/usage.ts')
const LIKE_LAMBDA = '--no-experimental-require-module'
const installed = join(esm, 'node_modules/jwt-gate')
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))

describe('the tarball', () => {
  test('has the build of src as each kind of module, and no tests, sources or build state', () => {
    const names = sources.map((file) => file.replace(/\.ts$/, ''))
    const built = names.flatMap((name) => {
      // nobody can require the command
      const kinds = name.startsWith('cli/') ? [''] : ['', 'cjs/']
      return kinds.flatMap((kind) => [`dist/${kind}${name}.js`, `dist/${kind}${name}.d.ts`])
    })
    const documents = ['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json']
    const others = ['cjs/package.json', 'cjs/THIRD-PARTY-LICENSES.txt', 'lambda-authorizer.zip']

    expect(packed.files).toEqual(
      [...built, ...documents, ...others.map((file) => `dist/${file}`)].sort(),
    )
  })

  test('runs nothing when it is installed', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']

    expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([])
    expect(packed.files).not.toContain('binding.gyp')
  })

  test('exports every entry point of src, and no file that does not exist', () => {
    const files: string[] = JSON.stringify(manifest.exports).match(/dist\/[^"]+/g) ?? []

    expect(Object.keys(manifest.exports).sort()).toEqual(
      ['./package.json', ...entries.keys()].sort(),
    )
    expect(files.filter((file) => !packed.files.includes(file))).toEqual([])
  })

  test('includes the licenses of the packages that are inlined', () => {
    const text = readFileSync(join(installed, 'dist/cjs/THIRD-PARTY-LICENSES.txt'), 'utf8')

    for (const name of Object.keys(manifest.dependencies)) expect(text).toContain(`${name}\n\n`)
  })
})

describe('imports at run time', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    verify: ['lru-cache'],
    express: [],
    fetch: [],
    lambda: [],
    issuers: [],
    'lambda-authorizer': [],
    explain: [],
    slim: [],
    stores: [],
    testing: ['jose'],
  }

  test.each([...entries.values()])(
    '%s, as ES modules, imports only the npm packages that it may',
    async (name) => {
      const files = packed.files.filter((file) => file.match(`^dist/${name}/.+\\.js$`))

      const imports = await externalImports(installed, files)

      expect(imports.filter((path) => !path.startsWith('node:'))).toEqual(allowed[name])
    },
  )

  test('the CommonJS files require only modules of Node', async () => {
    const files = packed.files.filter((file) => file.match('^dist/cjs/.+\\.js$'))

    const imports = await externalImports(installed, files)

    expect(imports.filter((path) => !path.startsWith('node:'))).toEqual([])
    expect(imports).toContain('node:crypto')
  })

  test('the command imports no npm package itself', async () => {
    const files = packed.files.filter((file) => file.match('^dist/cli/.+\\.js$'))

    const imports = await externalImports(installed, files)

    expect(imports.filter((path) => !path.startsWith('node:'))).toEqual([])
  })

  test('jose and lru-cache are the only dependencies', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(npm)
  })
})

describe('the command', () => {
  const bin = join(installed, manifest.bin['jwt-gate'])

  test('is the only one, and starts with Node', () => {
    expect(Object.keys(manifest.bin)).toEqual(['jwt-gate'])
    expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  test.each([
    { argv: ['--version'], status: 0, says: `${manifest.version}\n` },
    { argv: ['explain', '--help'], status: 0, says: 'Usage\n  jwt-gate explain' },
    { argv: ['explain', 'opaque'], status: 1, says: 'refused ERR_TOKEN_MALFORMED' },
    { argv: ['decode', 'e30.e30.'], status: 0, says: 'UNVERIFIED' },
    {
      argv: ['jwks', '--issuer', 'http://idp.example'],
      status: 2,
      says: 'allowed for loopback hosts',
    },
    { argv: ['issuer', '--port', 'x'], status: 2, says: '--port must be a number' },
    { argv: ['token', '--issuer', 'http://127.0.0.1:1'], status: 2, says: 'jwt-gate issuer' },
    {
      argv: ['check', '--issuer', 'http://127.0.0.1:1', '--no-audience'],
      status: 2,
      says: 'ECONNREFUSED',
    },
  ])('$argv: exit code $status', async ({ argv, status, says }) => {
    const ran = await runNode(esm, [bin, ...argv])

    expect(ran.output).toContain(says)
    expect(ran.status).toBe(status)
  })

  test('judges a key set', async () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'pem',
      type: 'spki',
    })
    writeFileSync(join(esm, 'key.pem'), pem)

    const ran = await runNode(esm, [bin, 'jwks', 'key.pem'])

    expect(ran).toMatchObject({
      status: 0,
      output: expect.stringContaining('1 of 1 key can be used'),
    })
  })

  test('reads a set-up that imports the package', async () => {
    const text =
      "import { createVerifier } from 'jwt-gate'\nexport default createVerifier({ issuer: 'urn:a', audience: null, jwks: { keys: [] } })\n"
    writeFileSync(
      join(esm, 'jwt-gate.config.js'),
      text.replace(
        'keys: []',
        `keys: [${JSON.stringify(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }))}]`,
      ),
    )

    const ran = await runNode(esm, [bin, 'check'])

    expect(ran).toMatchObject({ status: 0, output: expect.stringContaining('alive') })
  })
})

describe("a user's project", { timeout: 60_000 }, () => {
  const verifiesEverywhere = {
    sub: 'alice',
    refused: 'ERR_TOKEN_EXPIRED',
    express: ['alice', 'ERR_TOKEN_EXPIRED'],
    fetch: ['alice', 'ERR_TOKEN_EXPIRED'],
    event: ['alice', 'ERR_TOKEN_EXPIRED'],
    lambda: ['Allow', 'Unauthorized'],
    thrownByCore: true,
    thrownBySurfaces: [
      ['./express', true],
      ['./fetch', true],
      ['./lambda', true],
      ['./lambda-authorizer', true],
      ['./issuers', true],
    ],
  }

  test.each([
    { kind: 'imports it', folder: esm, script: 'import.mjs', nodeOptions: '' },
    { kind: 'imports it on Lambda', folder: esm, script: 'import.mjs', nodeOptions: LIKE_LAMBDA },
    { kind: 'requires it', folder: cjs, script: 'require.cjs', nodeOptions: '' },
    { kind: 'requires it on Lambda', folder: cjs, script: 'require.cjs', nodeOptions: LIKE_LAMBDA },
  ])(
    '$kind: every entry point verifies, and throws the error classes of the core',
    async (user) => {
      const { status, output } = await runNode(
        user.folder,
        [user.script, ...entries.keys()],
        user.nodeOptions,
      )

      expect(output).toBe(`${JSON.stringify(verifiesEverywhere)}\n`)
      expect(status).toBe(0)
    },
  )

  test('can require the package in a Lambda handler, whose first call fetches the keys', async () => {
    const answers = await askHandler(cjs)

    // a wrong signature under a known kid takes one refresh: the key may have changed under its name
    expect(answers).toEqual({ first: allowed(), forged: UNAUTHORIZED, requests: 2 })
  })

  test.each(npm)('needs no %s if it requires the package', async (name) => {
    const { output } = await runNode(cjs, ['-e', `require('${name}')`])

    expect(output).toContain(`Cannot find module '${name}'`)
  })

  test('recognizes the errors of both kinds of module, although their classes differ', async () => {
    const { output } = await runNode(esm, ['both.mjs'])

    expect(JSON.parse(output)).toEqual({ sameClass: false, isJwtGateError: true })
  })

  test('can fetch keys under Jest, where import() fails in CommonJS', async () => {
    expect(await runNode(cjs, ['like-jest.cjs'])).toMatchObject({ output: 'alice\n', status: 0 })
  })

  // without configuration, Jest uses only these two conditions
  test.each([...entries.keys()])('gets CommonJS under Jest for %s', (entry) => {
    const { require } = manifest.exports[entry]

    const file = createRequire(join(cjs, 'any.cjs')).resolve(`jwt-gate${entry.slice(1)}`)

    expect(file).toBe(join(cjs, 'node_modules/jwt-gate', require.default))
    expect(require.default).toMatch(/^\.\/dist\/cjs\//)
  })
})

describe("a user's project with TypeScript", { timeout: 60_000 }, () => {
  const usage = { areAny: false, isUnknownClaimAny: false, tokenUse: 'access', tenant: 'acme' }

  test.each([
    { resolution: 'node16', source: 'usage.mts', built: 'usage.mjs' },
    { resolution: 'node16', source: 'usage.cts', built: 'usage.cjs' },
    { resolution: 'nodenext', source: 'usage.mts', built: 'usage.mjs' },
    { resolution: 'nodenext', source: 'usage.cts', built: 'usage.cjs' },
    { resolution: 'bundler', source: 'usage.ts', built: 'usage.js' },
  ] as const)(
    'compiles and runs $source with $resolution, and claims are not any',
    async (user) => {
      await cp(USAGE, join(typescript, user.source), { force: true })

      const compiled = await compile(typescript, user.source, user.resolution)
      const { output } = await runNode(typescript, [user.built], LIKE_LAMBDA)

      expect(compiled).toEqual({ status: 0, output: '' })
      expect(JSON.parse(output)).toEqual(usage)
    },
  )

  test('needs the types of Express and Lambda for those entry points only', async () => {
    const folder = await install(packed, join(workspace, 'core'), ['@types/node'])

    const compiled = await compile(folder, 'core-only.ts', 'node16')

    expect(compiled).toEqual({ status: 0, output: '' })
  })

  test('does not compile if it has these mistakes', async () => {
    const file = 'should-not-compile.ts'
    const lines = readFileSync(join(typescript, file), 'utf8').split('\n')
    const mistakes = lines.flatMap((line, at) => (line.endsWith('// refused') ? [at + 1] : []))

    const compiled = await compile(typescript, file, 'node16')

    expect(linesWithErrors(compiled, file)).toEqual(mistakes)
  })
})
