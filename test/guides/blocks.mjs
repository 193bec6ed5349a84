/**
 * Writes the code blocks of a guide into files, with the names in the comments above them, where they find the built package as a
 * user's project does.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The folder of the project. */
export const ROOT = resolve(import.meta.dirname, '../..')
const BLOCK = /^<!-- ([\w./[\]-]+\.(?:ts|js)) -->\n```(?:ts|js)\n([\s\S]*?)^```/gm
/** The folder of all guides. */
export const FOLDER = join(import.meta.dirname, '.blocks')

/** @returns the folder with the blocks of the page, and how many of them there are */
export function writeBlocks(page) {
  const folder = join(FOLDER, page)
  rmSync(folder, { recursive: true, force: true })
  const text = readFileSync(join(ROOT, `docs/${page}.md`), 'utf8')
  const blocks = [...text.matchAll(BLOCK)]
  for (const [, name, code] of blocks) {
    // what is JavaScript here is CommonJS
    const file = join(folder, name.endsWith('.js') ? 'cjs' : '', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, code)
  }
  if (existsSync(join(folder, 'cjs'))) {
    writeFileSync(join(folder, 'cjs/package.json'), '{ "type": "commonjs" }\n')
  }
  return { folder, count: blocks.length }
}

/** Runs a program of the project or of this folder. Rejects with its output if it fails. */
export function run(program, args, cwd) {
  const bin = [import.meta.dirname, ROOT]
    .map((folder) => join(folder, 'node_modules', program))
    .find(existsSync)
  return runNode([bin, ...args], cwd)
}

/** Runs Node. @returns its output */
export function runNode(args, cwd) {
  return new Promise((done, fail) => {
    const { NODE_TEST_CONTEXT, ...env } = process.env
    const child = spawn(process.execPath, args, { cwd, env: { ...env, NO_COLOR: '1' } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk
      })
    }
    child.on('error', fail)
    child.on('close', (code) => (code === 0 ? done(output) : fail(new Error(output))))
  })
}
