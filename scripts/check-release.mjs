/**
 * Prevents a release whose `package.json` still has the placeholder for the repository: the links of the README would lead nowhere.
 * Takes the path of another `package.json` as an argument.
 */
import { readFileSync } from 'node:fs'

const PLACEHOLDER = 'OWNER'
const [, , path = 'package.json'] = process.argv
const { homepage, bugs, repository } = JSON.parse(readFileSync(path, 'utf8'))
const links = { homepage, bugs, repository: repository?.url }
const wrong = Object.entries(links).filter(([, url]) => !url || url.includes(`/${PLACEHOLDER}/`))

for (const [name] of wrong) {
  console.error(`"${name}" in ${path}: replace ${PLACEHOLDER} with the owner of the repository`)
}
if (wrong.length > 0) process.exitCode = 1
