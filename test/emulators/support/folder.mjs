/**
 * A folder for the files of a test's programs. It is removed when the test's process ends. It is in `node_modules`, where Node
 * finds the installed packages, and where neither Git nor Biome looks.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'

const PARENT = resolve(import.meta.dirname, '../node_modules/.jwt-gate')

export function createFolder(name) {
  mkdirSync(PARENT, { recursive: true })
  const path = mkdtempSync(join(PARENT, `${name}-`))
  process.once('exit', () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }))
  return path
}
