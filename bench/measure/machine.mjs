/**
 * The machine and the versions behind the figures.
 */
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

/** Lines of Markdown. Nothing in them identifies the machine or a path on it. */
export function describeMachine() {
  const [{ model }] = cpus()
  const { dependencies } = readPackage('../package.json')
  const versions = Object.entries(dependencies).map((entry) => entry.join(' '))
  return [
    `- ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `- ${model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `- jwt-gate ${readPackage('../../package.json').version}, ${versions.join(', ')}`,
  ].join('\n')
}

function readPackage(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}
