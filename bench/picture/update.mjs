/**
 * The data behind the picture, and the picture.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { toAbout } from './about.mjs'
import { drawResults } from './draw.mjs'

const DATA = new URL('../results.json', import.meta.url)
const PICTURE = new URL('../results.svg', import.meta.url)

/** @param parts - what each part of the bench measured */
export function updatePicture(parts) {
  const results = { date: new Date().toISOString().slice(0, 10), node: process.version, parts }
  writeFileSync(DATA, `${JSON.stringify(results, undefined, 2)}\n`)
  writeFileSync(PICTURE, draw())
}

/** The picture of the data in a file, by default that in the tree. */
export function draw(file = DATA) {
  const results = JSON.parse(readFileSync(file, 'utf8'))
  return drawResults(results.parts, toAbout(results))
}
