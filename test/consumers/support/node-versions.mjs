/**
 * The versions of Node that the package supports, from the npm package `node`.
 */
import { tmpdir } from 'node:os'
import { run } from './run.mjs'

/** The first version that `engines` of the package allows, and the newest one of each supported line. */
export const NODE_VERSIONS = ['20.19.0', '20.20.2', '22.23.3', '24.21.0', '26.10.0']

const found = new Map()

/** @returns the path of the program, which is downloaded if npx does not have it yet */
export function findNode(version) {
  const path = found.get(version) ?? download(version)
  found.set(version, path)
  return path
}

async function download(version) {
  const print = 'console.log(process.execPath)'
  // a version that is running already is not downloaded again
  if (process.versions.node === version) return process.execPath
  const args = ['-y', '-p', `node@${version}`, 'node', '-e', print]
  return (await run('npx', args, tmpdir())).trim().split('\n').at(-1)
}
