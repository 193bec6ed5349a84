/**
 * `jwt-gate jwks`: fetches a key set, and judges each key as a verifier does.
 */
import { escapeText, toSafeJson } from '../../terminal/escape.ts'
import { type Algorithm, KeysError } from '../../verify/index.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { type Command, type Context, EXIT, type ExitCode, UsageError } from '../command.ts'
import { fetchKeys } from '../keys/fetch-keys.ts'
import { type JudgedKey, judgeKeys } from '../keys/judge-keys.ts'
import { describeKeysError, exitOf } from '../output/failures.ts'
import { readKeys } from '../setup/read-keys.ts'
import { readVerifierOptions } from '../setup/read-setup.ts'

export const jwks: Command = {
  name: 'jwks',
  summary: 'fetch a key set, and judge each key',
  usage: '<URL of the keys, file or - | --issuer <url>> [options]',
  description:
    'Says of each key whether a verifier uses it, and if not, why. Of keys that are not used, only the name and the type are printed: they may be private.',
  groups: [
    {
      title: 'Keys',
      options: {
        issuer: {
          type: 'text',
          value: '<url>',
          help: 'An issuer, whose keys are found by discovery, in place of the URL of the keys',
        },
        env: {
          type: 'flag',
          help: 'Print the usable keys as the variable JWT_GATE_JWKS of the standalone authorizer',
        },
        algorithms: {
          type: 'names',
          value: '<names>',
          help: 'Accepted algorithms, such as RS256,ES256 [default: all supported ones]',
        },
        'timeout-ms': {
          type: 'text',
          value: '<ms>',
          help: 'The time limit for the keys [default: 5000]',
        },
        'insecure-hosts': {
          type: 'names',
          value: '<hosts>',
          help: 'Hosts to which plain http is allowed, besides loopback, such as keycloak',
        },
      },
    },
  ],
  exits: {
    0: 'The set has a usable key',
    1: 'The set has none, or the answer is no key set',
    2: 'The keys could not be fetched, or a mistake in the command line',
  },
  examples: [
    'npx jwt-gate jwks --issuer https://idp.example.com',
    'npx jwt-gate jwks https://idp.example.com/keys.json --algorithms RS256',
    'npx jwt-gate jwks --issuer https://idp.example.com --env > keys.env',
    'npx jwt-gate jwks keys.json --json',
  ],
  run: async (args, context) => {
    const algorithms = args.list('algorithms') as readonly Algorithm[] | undefined
    try {
      const keys = await readSource(args, context)
      context.progress.begin('Judging keys')
      const judged = await judgeKeys(keys, algorithms, context.io)
      context.progress.end()
      return report(judged, args, context)
    } catch (error) {
      if (error instanceof KeysError) return reportFailure(error, args, context)
      throw error
    }
  },
}

async function readSource(args: Arguments, context: Context): Promise<readonly unknown[]> {
  const [source, ...others] = args.positionals
  const issuer = args.text('issuer')
  if (others.length > 0 || (source === undefined) === (issuer === undefined)) {
    throw new UsageError('jwt-gate jwks takes one URL or file, or --issuer')
  }
  const options = readVerifierOptions(args)
  if (issuer !== undefined) return fetchKeys({ issuer, audience: null }, options, context)
  const jwksUri = source as string
  if (!/^https?:\/\//i.test(jwksUri)) return (await readKeys(jwksUri, context.io)).keys
  const trusted = { issuer: 'any', audience: null, jwksUri }
  return fetchKeys(trusted, options, context)
}

function reportFailure(error: KeysError, args: Arguments, context: Context): ExitCode {
  const { isJson, printJson, progress } = context
  progress.fail(describeKeysError(error))
  const [source] = args.positionals
  if (source !== undefined && error.reason !== 'network' && error.reason !== 'timeout') {
    progress.note(`If this is an issuer: npx jwt-gate jwks --issuer ${escapeText(source)}`)
  }
  if (isJson) printJson({ usable: 0, keys: [], error })
  return exitOf(error)
}

function report(judged: readonly JudgedKey[], args: Arguments, context: Context): ExitCode {
  const usable = judged.filter(({ reason }) => reason === undefined)
  if (args.has('env')) return printVariable(usable, context)
  if (context.isJson) context.printJson({ usable: usable.length, keys: judged })
  else printTable(judged, usable.length, context)
  return usable.length > 0 ? EXIT.good : EXIT.refused
}

function printVariable(usable: readonly JudgedKey[], context: Context): ExitCode {
  const keys = usable.map(({ jwk }) => jwk)
  if (keys.length === 0) {
    context.progress.fail('The set has no usable key: there is nothing to set')
    return EXIT.refused
  }
  // still the same JSON, if a shell reads the line
  const value = toSafeJson({ keys }).replaceAll('$', '\\u0024').replaceAll('`', '\\u0060')
  if (context.isJson) context.printJson({ JWT_GATE_JWKS: value })
  else context.print(`JWT_GATE_JWKS=${value}`)
  return EXIT.good
}

function printTable(judged: readonly JudgedKey[], usable: number, context: Context): void {
  const { print, style } = context
  for (const key of judged) print(formatKey(key, context))
  const count = `${usable} of ${judged.length} ${judged.length === 1 ? 'key' : 'keys'}`
  print(`\n${usable > 0 ? style.green(count) : style.red(count)} can be used`)
}

function formatKey({ kid, type, reason }: JudgedKey, { style }: Context): string {
  const name = escapeText(kid ?? '(no kid)', 64).padEnd(44)
  const what = escapeText(type, 40).padEnd(24)
  const verdict = reason === undefined ? style.green('usable') : style.red(`not used: ${reason}`)
  return `${name} ${what} ${verdict}`
}
