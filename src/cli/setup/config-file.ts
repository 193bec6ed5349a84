/**
 * Reads the set-up from a module of the user's: `jwt-gate.config.js`.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { escapeText } from '../../terminal/escape.ts'
import {
  createVerifier,
  type Trusted,
  type Verifier,
  type VerifierOptions,
} from '../../verify/index.ts'
import { UsageError } from '../command.ts'
import type { Io } from '../io.ts'
import type { Setup } from './read-setup.ts'

const NAMES = ['jwt-gate.config.js', 'jwt-gate.config.mjs', 'jwt-gate.config.cjs']

/** The file in the working directory, if there is one. */
export function findConfigFile(cwd: string): string | undefined {
  return NAMES.find((name) => existsSync(resolve(cwd, name)))
}

interface ConfigModule {
  /** A verifier, or the first argument of `createVerifier`; or a promise of it. */
  readonly default?: unknown
  /** The same as `default`, by the name that a module of an application has for it. */
  readonly verifier?: unknown
  /** The second argument of `createVerifier`. */
  readonly options?: VerifierOptions
  /** For `jwt-gate revoke`: the return value of `createRevocations`, or a store of it. */
  readonly revocations?: unknown
  readonly store?: unknown
}

/** @param given - the options of the command line, which replace those of the file */
export async function loadConfig(file: string, given: VerifierOptions, io: Io): Promise<Setup> {
  const loaded = await loadModule(file, io)
  const exported = isVerifier(loaded.verifier) ? loaded.verifier : await loaded.default
  if (exported === undefined) {
    throw new UsageError(
      `${escapeText(file)} exports neither "verifier" nor a default: it must be a verifier, or what createVerifier takes`,
    )
  }
  const own = Object.entries(given).filter(([, value]) => value !== undefined)
  if (isVerifier(exported)) {
    if (own.length === 0) return { verifier: exported, isFile: true }
    throw new UsageError(
      `${escapeText(file)} exports a verifier, which has its options already: set them there`,
    )
  }
  const trusted = exported as Trusted
  const options = { ...loaded.options, ...Object.fromEntries(own) }
  // the messages name the options as the file does
  createVerifier(trusted, options)
  return { trusted, options, isFile: true }
}

/** @throws {@link UsageError} if there is no such file */
export async function loadModule(file: string, io: Io): Promise<ConfigModule> {
  const path = resolve(io.cwd, file)
  if (!existsSync(path)) throw new UsageError(`There is no file ${escapeText(file)}`)
  return (await io.load(pathToFileURL(path).href)) as ConfigModule
}

function isVerifier(value: unknown): value is Verifier {
  const { verify, settled } = Object(value) as { verify?: unknown; settled?: unknown }
  return typeof verify === 'function' && typeof settled === 'function'
}
