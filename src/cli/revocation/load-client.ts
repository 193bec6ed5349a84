/**
 * Loads a client library from the user's project: jwt-gate depends on none.
 */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../command.ts'
import type { Io } from '../io.ts'

/** A client library, and its exports. */
export interface Loaded {
  readonly name: string
  readonly exports: unknown
}

/**
 * Loads the first of these packages that is installed.
 * @param option - the option that needs it
 * @throws {@link UsageError} that says what to install
 */
export async function loadClient(
  names: readonly string[],
  option: string,
  io: Io,
): Promise<Loaded> {
  // as a module in the working directory would
  const { resolve: find } = createRequire(resolve(io.cwd, 'jwt-gate.config.js'))
  for (const name of names) {
    const path = findPackage(name, find)
    if (path === undefined) continue
    const loaded = (await io.load(pathToFileURL(path).href)) as { readonly default?: unknown }
    // a CommonJS module may hide its names
    return { name, exports: { ...Object(loaded.default), ...loaded } }
  }
  throw new UsageError(
    `${option} needs a client that is not installed here: npm install ${names[0]}${names.length > 1 ? ` (or ${names.slice(1).join(', ')})` : ''}`,
  )
}

function findPackage(name: string, find: NodeJS.RequireResolve): string | undefined {
  try {
    return find(name)
  } catch {
    // not installed
  }
  return undefined
}
