/**
 * Reads the option `token`: where the token of an event may be.
 */
import {
  type OptionNames,
  readChoice,
  readName,
  readOptional,
  readOptions,
  readString,
  readStrings,
} from '../verify/adapter-kit.ts'
import { ConfigError } from '../verify/index.ts'
import {
  TOKEN_PLACES,
  type TokenPlaces,
  type TokenSettings,
  type TokenSource,
} from './event-token.ts'

/** The validated option. */
export interface TokenSourceSettings {
  readonly token: TokenSettings
  /** The origins whose pages may use the cookie; `undefined` if the option is omitted. */
  readonly origins: ReadonlySet<string> | undefined
}

const TOKEN_OPTIONS: OptionNames<TokenSource> = {
  header: true,
  scheme: true,
  cookie: true,
  query: true,
  subprotocol: true,
  origins: true,
}

/** @throws {@link ConfigError} that names the option that is wrong */
export function readTokenSource(
  source: TokenSource = { header: 'Authorization' },
  takesDpop = false,
): TokenSourceSettings {
  const own = readOptions('token', source, TOKEN_OPTIONS)
  const { header, scheme, cookie, query, subprotocol, origins } = own
  const places: TokenPlaces = {
    header: readOptional(readName, 'token.header', header),
    cookie: readOptional(readName, 'token.cookie', cookie),
    query: readOptional(readString, 'token.query', query),
    subprotocol: readOptional(readName, 'token.subprotocol', subprotocol),
  }
  if (Object.values(places).every((name) => name === undefined)) {
    throw new ConfigError(`"token" must have one of: ${TOKEN_PLACES.join(', ')}`)
  }
  if (origins !== undefined && cookie === undefined) {
    throw new ConfigError('"token.origins" is for a cookie: set "token.cookie", or omit it')
  }
  const needsScheme = readChoice('token.scheme', scheme, [null] as const) === undefined
  if (!needsScheme && header === undefined) {
    throw new ConfigError('"token.scheme" is for a header: set "token.header", or omit it')
  }
  return {
    token: { places, needsScheme, takesDpop },
    origins: readOptional(readOrigins, 'token.origins', origins),
  }
}

/** Origins in the form in which browsers send them (RFC 6454 s6.2). @throws {@link ConfigError} for anything else */
function readOrigins(name: string, value: unknown): ReadonlySet<string> {
  const origins = readStrings(name, value)
  if (origins.every((one) => URL.canParse(one) && new URL(one).origin === one)) {
    return new Set(origins)
  }
  throw new ConfigError(
    `"${name}" must be origins as browsers send them: https://app.example.com, in lower case, without a path, a slash at the end or a default port`,
  )
}
