/**
 * The API report: the public types of every entry in one file, `test/api/public-types.md`, so that a change of the public surface is
 * a difference that somebody has reviewed. Fails if the file is out of date; with `--update`, writes it.
 * Run `npm run build` first.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const ROOT = resolve(import.meta.dirname, '../..')
const REPORT = join(ROOT, 'test/api/public-types.md')
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

const folder = mkdtempSync(join(tmpdir(), 'jwt-gate-api-'))
try {
  const current = reportAll()
  if (process.argv.includes('--update')) writeFileSync(REPORT, current)
  else compare(readFileSync(REPORT, 'utf8'), current)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function reportAll() {
  const entries = Object.entries(exports).filter(([, target]) => typeof target === 'object')
  const sections = entries.map(([name, target]) => {
    const types = target.import.types
    const [code] = reportOf(types).match(/```ts[\s\S]*?```/) ?? []
    if (code === undefined) throw new Error(`${types} has no report`)
    return `## jwt-gate${name.slice(1)}\n\n${code}\n`
  })
  return `# Public types\n\nWritten by \`npm run api -- --update\`. Review each change: it is a change for users.\n\n${sections.join('\n')}`
}

/** @param types - the path of the declarations of an entry */
function reportOf(types) {
  const extractorConfig = ExtractorConfig.prepare({
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(ROOT, types),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'ES2023',
            lib: ['ES2023'],
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [join(ROOT, types)],
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: 'entry',
        reportFolder: folder,
        reportTempFolder: folder,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
  })
  Extractor.invoke(extractorConfig, { localBuild: true, messageCallback: silence })
  return readFileSync(join(folder, 'entry.api.md'), 'utf8')
}

function silence(message) {
  message.handled = true
}

function compare(reviewed, current) {
  if (reviewed === current) {
    console.log('The public types are those of test/api/public-types.md')
    return
  }
  const before = new Set(reviewed.split('\n'))
  const after = new Set(current.split('\n'))
  for (const line of before) if (!after.has(line)) console.error(`- ${line}`)
  for (const line of after) if (!before.has(line)) console.error(`+ ${line}`)
  console.error(
    '\nThe public types have changed. Review the change, then run: npm run api -- --update',
  )
  process.exitCode = 1
}
