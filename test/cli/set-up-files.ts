/**
 * Gives a set-up of the table in `test/explain` to the command, as a user would: by options and files, or by a module if it has
 * functions.
 */
import { isDeepStrictEqual } from 'node:util'
import { type CognitoOptions, cognito, createVerifier, type Trusted } from 'jwt-gate'
import { toKebab } from '../../src/cli/arguments/setup-options.ts'
import type { Attempt } from '../explain/set-ups.ts'
import { makeFolder, type Ran, runCli } from './run-cli.ts'

const JWKS = 'jwks.json'

/** Runs `jwt-gate explain` for an attempt with a text as its token. */
export async function explainAttempt(attempt: Attempt): Promise<Ran & { readonly argv: string }> {
  const token = String(attempt.token)
  // the end of the last line of standard input is no part of the token
  const isExact = token !== '' && !token.endsWith('\n')
  const options = toOptions(attempt)
  const file = 'jwt-gate.config.mjs'
  const argv = ['explain', isExact ? '-' : token, ...(options?.argv ?? ['--config', file])]
  const rest = options ? [] : toAccess(attempt)
  const cwd = makeFolder({ ...(options?.files ?? { [file]: '' }) })
  const verifier = options ? undefined : createVerifier(attempt.trusted, attempt.options as object)
  const ran = await runCli([...argv, ...rest], {
    ...(isExact && { stdin: token }),
    cwd,
    load: async () => ({ default: verifier }),
  })
  return {
    ...ran,
    argv: `jwt-gate explain ${isExact ? '-' : '"$TOKEN"'} ${[...argv.slice(2), ...rest].map(quote).join(' ')}`,
  }
}

interface Written {
  readonly argv: readonly string[]
  readonly files: Readonly<Record<string, string>>
}

/** The options for an attempt; `undefined` if it has what no option can say, such as a function. */
function toOptions(attempt: Attempt): Written | undefined {
  const { trusted, options = {}, access } = attempt
  const { jwks, ...own } = options
  const flat = { ...own, ...jwks }
  const known = ['clockToleranceSeconds', 'maxTokenBytes', 'timeoutMs', 'insecureHosts']
  const issuer = toIssuerOptions(trusted)
  const isText = isJson(access) && Object.keys(flat).every((name) => known.includes(name))
  if (!isText || issuer === undefined) return undefined
  const rest = Object.entries(flat).flatMap(([name, value]) => toOption(name, value))
  return { ...issuer, argv: [...issuer.argv, ...rest, ...toAccess(attempt)] }
}

function toAccess({ access }: Attempt): string[] {
  return access === undefined ? [] : ['--access', JSON.stringify(access)]
}

function toIssuerOptions(trusted: Trusted): Written | undefined {
  const given = Array.isArray(trusted) ? toPoolOptions(trusted) : trusted
  if (given === undefined || !isJson(given)) return undefined
  const { jwks, ...others } = given as Record<string, unknown>
  const argv = Object.entries(others).flatMap(([name, value]) => toOption(name, value))
  if (jwks === undefined) return { argv, files: {} }
  return { argv: [...argv, '--jwks', JWKS], files: { [JWKS]: JSON.stringify(jwks) } }
}

interface PoolEntry {
  readonly issuer: string
  readonly userPoolId?: string
  readonly tokenUse: 'access' | 'id'
  readonly clientId?: string
  readonly audience: string | null
  readonly jwks?: CognitoOptions['jwks']
}

/** The options of `cognito()` that lead to its return value. */
function toPoolOptions(trusted: readonly unknown[]): object | undefined {
  const entries = trusted as readonly PoolEntry[]
  const [first] = entries
  if (first?.userPoolId === undefined) return undefined
  const isId = first.tokenUse === 'id'
  const issuers = new Set(entries.map(({ issuer }) => issuer))
  const options = {
    userPoolId: first.userPoolId,
    clientId: [(isId ? first.audience : first.clientId) ?? []].flat(),
    tokenUse: first.tokenUse,
    ...(issuers.size === 1 && { issuer: first.issuer }),
    ...(!isId && first.audience !== null && { audience: first.audience }),
    ...(first.jwks && { jwks: first.jwks }),
  }
  return isDeepStrictEqual(cognito(options), trusted) ? options : undefined
}

function toOption(name: string, value: unknown): string[] {
  if (value === null) return [`--no-${toKebab(name)}`]
  if (name === 'requiredClaims' || name === 'algorithms' || name === 'insecureHosts') {
    return [`--${toKebab(name)}`, String(value)]
  }
  return [value].flat().flatMap((one) => [`--${toKebab(name)}`, String(one)])
}

/** Whether a value has no functions and no objects of classes. */
function isJson(value: unknown): boolean {
  if (typeof value === 'function') return false
  if (typeof value !== 'object' || value === null) return true
  const prototype = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || Array.isArray(value)
  return isPlain && Object.values(value).every(isJson)
}

function quote(word = ''): string {
  return /^[\w.:/@+=,~-]+$/.test(word) ? word : `'${word}'`
}
