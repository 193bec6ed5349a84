/**
 * `jwt-gate token`: a token of the test issuer that `jwt-gate issuer` runs.
 */
import { escapeText } from '../../terminal/escape.ts'
import { toSecureUrl } from '../../verify/adapter-kit.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { type Command, type Context, EXIT, UsageError } from '../command.ts'
import { DEFAULT_PORT } from './issuer.ts'

const DEFAULT_ISSUER = `http://127.0.0.1:${DEFAULT_PORT}`
const TIMEOUT_MS = 5_000
const AN_HOUR = 3_600

export const token: Command = {
  name: 'token',
  summary: 'create a token of a running test issuer',
  usage: '[options]',
  description:
    'Prints a token of the issuer that jwt-gate issuer runs: the access token of a user, if nothing else is asked for. Its claims are those that Cognito writes, and any that you set.',
  groups: [
    {
      title: 'Token',
      options: {
        issuer: {
          type: 'text',
          value: '<url>',
          help: `The test issuer, on loopback [default: ${DEFAULT_ISSUER}]`,
        },
        'token-use': {
          type: 'text',
          value: 'access|id',
          help: 'The kind of token [default: access]',
        },
        machine: { type: 'flag', help: 'The access token of a client without a user' },
        claim: {
          type: 'list',
          value: '<name=value>',
          help: 'A claim to set; repeat it for several. JSON is read as JSON: \'cognito:groups=["admin"]\'',
        },
        expired: { type: 'flag', help: 'A token that expired an hour ago' },
      },
    },
  ],
  exits: {
    0: 'The token was printed',
    1: 'Not used',
    2: 'There is no such issuer, or a mistake in the command line',
  },
  examples: [
    'npx jwt-gate token > token.txt',
    'npx jwt-gate token --claim \'cognito:groups=["admin"]\' --claim tenant=acme',
    'npx jwt-gate token --expired | npx jwt-gate decode -',
    'curl -H "Authorization: Bearer $(npx jwt-gate token)" http://localhost:3000/api/profile',
  ],
  run: async (args, context) => {
    if (args.positionals.length > 0) throw new UsageError('jwt-gate token takes options only')
    const origin = readOrigin(args.text('issuer') ?? DEFAULT_ISSUER)
    const created = await request(origin, toForm(args, context), context)
    if (context.isJson) context.printJson({ token: created })
    else context.print(created)
    return EXIT.good
  },
}

/** A real issuer would be asked for a token that it does not give. */
function readOrigin(text: string): string {
  const url = toSecureUrl(text)
  if (url?.protocol === 'http:') return url.origin
  throw new UsageError(
    '--issuer must be the address of a test issuer on loopback, such as http://127.0.0.1:19788',
  )
}

function toForm(args: Arguments, { io }: Context): URLSearchParams {
  const use = args.text('token-use') ?? 'access'
  if (use !== 'access' && use !== 'id') throw new UsageError('--token-use must be access or id')
  if (args.has('machine') && args.has('token-use')) {
    throw new UsageError('--machine and --token-use contradict each other')
  }
  const nowSeconds = Math.floor(io.now() / 1_000)
  const times = args.has('expired')
    ? { iat: nowSeconds - 2 * AN_HOUR, exp: nowSeconds - AN_HOUR }
    : {}
  const claims = Object.fromEntries((args.list('claim') ?? []).map(readClaim))
  return new URLSearchParams({
    grant_type: 'client_credentials',
    ...(!args.has('machine') && { token_use: use }),
    claims: JSON.stringify({ ...times, ...claims }),
  })
}

function readClaim(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError('--claim needs a name and a value: --claim tenant=acme')
  const value = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(value)]
  } catch {
    // text
  }
  return [text.slice(0, at), value]
}

async function request(
  origin: string,
  body: URLSearchParams,
  { io, progress }: Context,
): Promise<string> {
  const url = `${origin}/oauth2/token`
  progress.begin(`POST ${url}`)
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await io.fetch(url, { method: 'POST', body, signal }).catch((cause: unknown) => {
    throw new UsageError(
      `No test issuer answers at ${origin}: start one with npx jwt-gate issuer`,
      {
        cause,
      },
    )
  })
  const answer: unknown = await response.json().catch(() => undefined)
  const { access_token: access, id_token: id } = Object(answer) as Record<string, unknown>
  const created = access ?? id
  if (response.ok && typeof created === 'string') return escapeText(created, 65_536)
  throw new UsageError(`${origin} is no test issuer of jwt-gate: HTTP status ${response.status}`)
}
