/**
 * Prints the software bill of materials (CycloneDX): the packages that are installed with this one, from the lockfile.
 * Not `npm sbom --omit dev`, because npm 11 then omits every package, including those of `dependencies`.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'))
const bill = readWholeBill()
const edges = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
const root = bill.metadata.component
const direct = edges.get(root['bom-ref']).filter((ref) => isDependency(ref))
const shipped = withTheirOwn(direct)

// npm names the project after its folder
root.name = manifest.name
bill.components = bill.components.filter((one) => shipped.has(one['bom-ref']))
bill.dependencies = [
  { ref: root['bom-ref'], dependsOn: direct },
  ...bill.dependencies.filter(({ ref }) => shipped.has(ref)),
]
console.log(JSON.stringify(bill, null, 2))

function readWholeBill() {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
  return JSON.parse(
    execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
}

function isDependency(ref) {
  return Object.hasOwn(manifest.dependencies, ref.slice(0, ref.lastIndexOf('@')))
}

function withTheirOwn(refs) {
  const found = new Set(refs)
  for (const ref of found) for (const own of edges.get(ref)) found.add(own)
  return found
}
