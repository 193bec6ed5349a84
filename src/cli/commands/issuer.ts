/**
 * `jwt-gate issuer`: a test issuer on loopback, until it is stopped.
 */
import { escapeText } from '../../terminal/escape.ts'
import { type Algorithm, cognito } from '../../verify/index.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { type Command, type Context, EXIT, UsageError } from '../command.ts'
import { nameOptions } from '../setup/name-options.ts'

/** Where `jwt-gate token` looks, if it is not told otherwise. */
export const DEFAULT_PORT = 19788

export const issuer: Command = {
  name: 'issuer',
  summary: 'run a test issuer on loopback',
  usage: '[options]',
  description:
    'Runs an issuer for tests, like a Cognito user pool, on 127.0.0.1: with discovery, a key set and a token endpoint that gives a token to anybody. Its keys are new each time. It runs until it is stopped with Ctrl-C. jwt-gate token creates its tokens.',
  groups: [
    {
      title: 'Issuer',
      options: {
        port: {
          type: 'text',
          value: '<port>',
          help: `The port; 0 for a free one [default: ${DEFAULT_PORT}]`,
        },
        'user-pool-id': {
          type: 'text',
          value: '<id>',
          help: 'The ID of the user pool [default: eu-west-1_TestPool1]',
        },
        algorithms: {
          type: 'names',
          value: '<names>',
          help: 'Algorithms of more keys, besides the two RS256 keys, such as ES256,EdDSA',
        },
      },
    },
  ],
  exits: {
    0: 'It was stopped',
    1: 'Not used',
    2: 'The port is in use, or a mistake in the command line',
  },
  examples: ['npx jwt-gate issuer', 'npx jwt-gate issuer --port 4000 --algorithms ES256'],
  run: async (args, context) => {
    const { createTestIssuer } = await import('../../testing/index.ts')
    const { io, progress } = context
    const userPoolId = readPoolId(args)
    const algorithms = args.list('algorithms') as readonly Algorithm[] | undefined
    progress.begin('Creating keys')
    const test = await createTestIssuer({
      now: io.now,
      ...(algorithms && { algorithms }),
      ...(userPoolId !== undefined && { userPoolId }),
    }).catch((cause: unknown) => {
      throw new UsageError('--algorithms must be algorithms that jwt-gate supports', { cause })
    })
    await listen(test, readPort(args.text('port')))
    try {
      // a signal may follow what is printed at once
      const stopped = io.untilStopped()
      describe(test, context)
      await stopped
    } finally {
      await test.close()
    }
    return EXIT.good
  },
}

type TestIssuer = Awaited<ReturnType<typeof import('../../testing/index.ts').createTestIssuer>>

/** It is printed, and becomes a part of URLs. @throws {@link UsageError} as other subcommands, if it is no ID of a user pool */
function readPoolId(args: Arguments): string | undefined {
  const userPoolId = args.text('user-pool-id')
  if (userPoolId === undefined) return undefined
  const issuer = 'http://127.0.0.1'
  nameOptions(() => cognito({ userPoolId, issuer, clientId: null, tokenUse: null }))
  return userPoolId
}

function readPort(text = String(DEFAULT_PORT)): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError('--port must be a number from 0 to 65535')
}

async function listen(test: TestIssuer, port: number): Promise<void> {
  try {
    await test.listen(port)
  } catch (cause) {
    const code = escapeText(String((cause as { code?: unknown }).code))
    if (code === 'EADDRINUSE') {
      const why = `Port ${port} is in use (is another jwt-gate issuer running?)`
      throw new UsageError(`${why}: give another --port`, { cause })
    }
    throw new UsageError(`Port ${port} cannot be used (${code}): give another --port`, { cause })
  }
}

function describe(test: TestIssuer, context: Context): void {
  const { issuer: url, jwksUri, userPoolId, clientId } = test
  context.progress.end()
  if (context.isJson) context.printJson({ issuer: url, jwksUri, userPoolId, clientId })
  else print(test, context)
}

function print(test: TestIssuer, { print: write, style }: Context): void {
  const { issuer: url, jwksUri, userPoolId, clientId } = test
  const { port } = new URL(url)
  const same = port === String(DEFAULT_PORT) && userPoolId === 'eu-west-1_TestPool1'
  write(`${style.bold('A test issuer is listening. Its tokens are worth nothing elsewhere.')}

  issuer        ${url}
  jwksUri       ${jwksUri}
  userPoolId    ${userPoolId}
  clientId      ${clientId}

In another terminal:
  npx jwt-gate token${same ? '' : ` --issuer ${url}`} > token.txt
  npx jwt-gate explain token.txt --user-pool-id ${userPoolId} --issuer ${url} \\
    --client-id ${clientId} --token-use access

Ctrl-C stops it.`)
}
