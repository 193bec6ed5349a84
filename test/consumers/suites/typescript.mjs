/**
 * The declarations are right for each version of TypeScript and each way to resolve modules, without `skipLibCheck`.
 */
import assert from 'node:assert/strict'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { run } from '../support/run.mjs'
import { createProject, pathOf } from '../support/workspace.mjs'

/** Each version, and the package that it is installed as. The last one is the native compiler. */
const VERSIONS = new Map([
  ...['5.4', '5.5', '5.6', '5.7', '5.8', '5.9'].map((version) => [version, `typescript${version}`]),
  ['6.0', 'typescript'],
  ['7.0', 'typescript7.0'],
])
const OPTIONS = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--noEmit']
const NODE = ['--types', 'node']
const RESOLUTIONS = {
  // without the types of browsers, which take a third of the time
  node16: ['--module', 'node16', '--lib', 'es2022', ...NODE],
  nodenext: ['--module', 'nodenext', '--exactOptionalPropertyTypes', '--lib', 'es2022', ...NODE],
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler', ...NODE],
}

const FILES = ['core.ts', 'mistakes.ts', 'usage.ts']
const WITHOUT_TYPES = ['core.ts', 'mistakes.ts']
const complete = createTypesProject('types', ['@types/express', '@types/aws-lambda'])
const core = createTypesProject('types-core', [])
const broken = createTypesProject('types-broken', [])
const express4 = createTypesProject('types-express4', ['@types/aws-lambda'], {
  '@types/express': '@types/express4',
})

/** The files are ES modules, and CommonJS in the folder `cjs`. */
function createTypesProject(name, tools, renamed) {
  const folder = createProject(name, 'types', ['@types/node', ...tools], renamed)
  for (const file of FILES) cpSync(join(folder, file), join(folder, 'cjs', file))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(folder, 'cjs/package.json'), '{ "type": "commonjs" }\n')
  return folder
}

function compile(version, folder, files, options) {
  const tsc = pathOf(`${VERSIONS.get(version)}/bin/tsc`)
  return run(process.execPath, [tsc, ...OPTIONS, ...options, ...files], folder)
}

const asBoth = (files) => [...files, ...files.map((file) => `cjs/${file}`)]

describe('TypeScript', { concurrency: 2 }, () => {
  for (const version of VERSIONS.keys()) {
    for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
      test(`${version} with ${resolution}`, () => {
        // a bundler resolves the imports of every file alike
        const files = resolution === 'bundler' ? FILES : asBoth(FILES)
        return compile(version, complete, files, options)
      })
    }

    test(`${version} without the types of Express and Lambda`, () =>
      compile(version, core, asBoth(WITHOUT_TYPES), RESOLUTIONS.nodenext))
  }

  test('with the types of Express 4', () =>
    compile('7.0', express4, asBoth(FILES), RESOLUTIONS.nodenext))

  test('a mistake that is none is detected', async () => {
    writeFileSync(join(complete, 'right.ts'), "// @ts-expect-error\nimport 'jwt-gate'\n")
    await assert.rejects(
      compile('7.0', complete, ['right.ts'], RESOLUTIONS.nodenext),
      /right\.ts.*TS2578: Unused '@ts-expect-error'/,
    )
  })

  test('a package without declarations of CommonJS is detected', async () => {
    rmSync(join(broken, 'node_modules/jwt-gate/dist/cjs/fetch/index.d.ts'))
    await assert.rejects(
      compile('7.0', broken, ['cjs/core.ts'], RESOLUTIONS.nodenext),
      /cjs\/core\.ts.*TS7016/,
    )
  })

  test('without the types of Node, the error says what to install and where to name it', () =>
    assert.rejects(
      compile('7.0', core, ['core.ts'], ['--module', 'nodenext']),
      /jwt-gate.*@types\/node.*types field in your tsconfig/,
    ))
})
