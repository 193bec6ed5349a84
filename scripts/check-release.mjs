/**
 * Prevents a release whose `package.json` or `SECURITY.md` still has the placeholder for the repository: the links of the README would
 * lead nowhere, and so would reports. Takes the paths of other such files as arguments.
 */
import { readFileSync } from 'node:fs'

const PLACEHOLDER = 'OWNER'
const [, , path = 'package.json', policy = 'SECURITY.md'] = process.argv
const { homepage, bugs, repository } = JSON.parse(readFileSync(path, 'utf8'))
const links = { homepage, bugs, repository: repository?.url }
const wrong = Object.entries(links).filter(([, url]) => !url || url.includes(`/${PLACEHOLDER}/`))

for (const [name] of wrong) {
  console.error(`"${name}" in ${path}: replace ${PLACEHOLDER} with the owner of the repository`)
}
const isPolicyOpen = readFileSync(policy, 'utf8').includes(`/${PLACEHOLDER}/`)
if (isPolicyOpen)
  console.error(`${policy}: replace ${PLACEHOLDER} with the owner of the repository`)
if (wrong.length > 0 || isPolicyOpen) process.exitCode = 1
