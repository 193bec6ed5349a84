/**
 * Checks the links of the built reference: each one that leads to a file of `site/` needs that file, and the part of it that it names.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const SITE = resolve(import.meta.dirname, '../../site')
const pages = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith('.html'))
const contents = new Map(
  pages.map((name) => [join(SITE, name), readFileSync(join(SITE, name), 'utf8')]),
)

const broken = []
let count = 0
for (const [page, html] of contents) {
  for (const [, link] of html.matchAll(/\s(?:href|src)="([^"]+)"/g)) {
    if (/^[a-z]+:/i.test(link)) continue
    count++
    if (!leadsSomewhere(page, link)) broken.push(`${relative(SITE, page)}: ${link}`)
  }
}
if (count === 0) throw new Error('site/ has no links')
for (const one of broken) console.error(`Broken link in ${one}`)
if (broken.length > 0) process.exitCode = 1
else console.log(`${count} links on ${pages.length} pages lead somewhere`)

function leadsSomewhere(page, link) {
  const [path, fragment] = link.split('#')
  const file = path === '' ? page : join(dirname(page), decodeURIComponent(path))
  if (!existsSync(file)) return false
  const target = contents.get(file)
  if (fragment === undefined || fragment === '' || target === undefined) return true
  return target.includes(` id="${decodeURIComponent(fragment)}"`)
}
