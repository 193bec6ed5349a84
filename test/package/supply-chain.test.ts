/**
 * What users get besides the package itself: the bill of materials, and the data in the lockfile.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ROOT } from './pack.ts'

const Component = z.object({
  name: z.string(),
  version: z.string(),
  purl: z.string(),
  hashes: z.array(z.object({ alg: z.literal('SHA-512'), content: z.string().length(128) })),
})
const Bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.object({ component: z.object({ name: z.string(), version: z.string() }) }),
  components: z.array(Component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
})
const Locked = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
})
const Lockfile = z.object({ packages: z.record(z.string(), Locked) })

const manifest = readJson('package.json')
const { packages } = Lockfile.parse(readJson('package-lock.json'))
const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], { cwd: ROOT })
const bill = Bill.parse(JSON.parse(stdout))

function readJson(file: string) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
}

describe('the bill of materials', () => {
  test('is that of this version of the package', () => {
    const { name, version } = bill.metadata.component

    expect({ name, version }).toEqual({ name: 'jwt-gate', version: manifest.version })
  })

  test('lists jose and lru-cache as they are locked, and nothing else', () => {
    const listed = bill.components.map(({ name, version }) => [name, version])

    expect(listed).toEqual(lockedVersions())
    expect(listed.map(([name]) => name)).toEqual(['jose', 'lru-cache'])
  })

  test('lists which package needs which, and the digest of each', () => {
    const digests = bill.components.map(({ name, hashes }) => [name, hashes[0]?.content])
    const locked = Object.keys(manifest.dependencies).map((name) => [name, lockedDigest(name)])

    expect(bill.dependencies).toEqual([
      { ref: `jwt-gate@${manifest.version}`, dependsOn: refs() },
      ...refs().map((ref) => ({ ref, dependsOn: [] })),
    ])
    expect(digests).toEqual(locked)
  })
})

test('users get fixes of both dependencies without a release of this package', () => {
  for (const [name, version = ''] of lockedVersions()) {
    const [major] = version.split('.')
    expect(manifest.dependencies[name]).toMatch(new RegExp(`^\\^${major}\\.\\d+\\.\\d+$`))
  }
})

describe('the lockfile', () => {
  const entries = Object.entries(packages).filter(([path]) => path !== '')

  test('has a digest for each package, and names no registry', () => {
    expect(entries.filter(([, one]) => !one.integrity?.startsWith('sha512-'))).toEqual([])
    expect(entries.filter(([, one]) => one.resolved !== undefined)).toEqual([])
  })

  test('has no package that users get and that runs something when it is installed', () => {
    const installed = entries.filter(([, one]) => !one.dev)

    expect(installed.map(([path]) => path)).toContain('node_modules/jose')
    expect(installed.filter(([, one]) => one.hasInstallScript)).toEqual([])
  })
})

function refs(): string[] {
  return lockedVersions().map(([name, version]) => `${name}@${version}`)
}

function lockedVersions(): [string, string | undefined][] {
  return Object.keys(manifest.dependencies).map((name) => [
    name,
    packages[`node_modules/${name}`]?.version,
  ])
}

function lockedDigest(name: string): string {
  const [, base64 = ''] = packages[`node_modules/${name}`]?.integrity?.split('-') ?? []
  return Buffer.from(base64, 'base64').toString('hex')
}
