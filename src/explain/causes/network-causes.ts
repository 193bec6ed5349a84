/**
 * The keys cannot be fetched, or the issuer's answer cannot be used. The token may be good.
 */
import { shorten } from '../../terminal/escape.ts'
import { readMember, toCauseJson } from '../../verify/explain-kit.ts'
import { isJwtGateError } from '../../verify/index.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { list, quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'

/** Where the keys are, and what is known of the failure. */
interface Failure {
  readonly place: string
  readonly text: string | undefined
  readonly code: string | undefined
  readonly status: number | undefined
}

const NO_KEY_SET = 'The key endpoint returns something else than a key set'

/** By the reason of the error: the title, and the advice after the place. */
const ADVICE: Readonly<Record<string, readonly [string, (failure: Failure) => string]>> = {
  timeout: [
    'The issuer does not respond in time',
    () =>
      'There is probably no route to it: a Lambda function in a VPC needs a NAT gateway, and a company network a proxy (jwks.agent). Without a way out, give the keys with "jwks".',
  ],
  status: ['The key endpoint responds with an error', ofStatus],
  redirect: [
    'The key endpoint redirects to another address',
    () =>
      'Redirects are not followed. Set "jwksUri" to the last address: open this one with curl -I and read the header Location.',
  ],
  issuer_mismatch: [
    "The issuer's metadata names another issuer",
    () =>
      'Open it: its member "issuer" must be exactly the configured "issuer" (a slash at the end counts). Set "issuer" to that value, or give "jwksUri".',
  ],
  no_usable_key: [
    'The key set has no key that can be used',
    ({ text }) =>
      `${text ?? 'It is empty'}. Check "algorithms", and that this is the key set for signatures.`,
  ],
  not_json: [NO_KEY_SET, toNoKeySet],
  not_a_key_set: [NO_KEY_SET, toNoKeySet],
  too_large: [
    'The answer of the key endpoint is too large',
    () => 'Raise "jwks.maxBytes" or "jwks.maxKeys".',
  ],
  invalid: [
    "The issuer's metadata names an address that may not be used",
    () =>
      'Its "jwks_uri" must be https, and may not lead into a private network unless the issuer is there, too. Give "jwksUri", or "jwks.insecureHosts" for plain http.',
  ],
  closed: [
    'The verifier was closed',
    () => 'close() was called while the token was verified. Call it at the very end.',
  ],
  limited: [
    'Too many issuers are looked up at the moment',
    () => 'Wait and try again. Raise "maxIssuers" if so many are really in use.',
  ],
}

export function findNetworkCauses(facts: Facts, problem: Problem): Cause[] {
  const { reason = '', error } = problem
  const failure = { place: placeOf(facts), ...readCause(error) }
  if (reason === 'network') return [ofNetwork(failure)]
  const own = ofOwn(reason, failure)
  const [title, advise] = own ??
    ADVICE[reason] ?? [
      'The keys of the issuer are not available',
      ({ text }: Failure) => text ?? '',
    ]
  return [cause(title, `${failure.place}. ${advise(failure)}`.trim())]
}

type Advice = (typeof ADVICE)[string]

/** Some failures of one reason have cures of their own. */
function ofOwn(reason: string, { status, text }: Failure): Advice | undefined {
  if (reason === 'no_usable_key' && text === 'Unusable keys: none') {
    return [
      'The key set is empty',
      () =>
        'Its "keys" is an empty list. Create a key for signatures at the issuer, or check "jwksUri".',
    ]
  }
  if (reason !== 'status') return undefined
  if (status === 407) {
    return [
      'A proxy asks for credentials',
      () =>
        'The status is 407. Give the agent of the proxy its user and password (jwks.agent), or let the proxy pass requests to the issuer.',
    ]
  }
  if (status === 403) {
    return [
      'The key endpoint denies access',
      () =>
        'The status is 403. Open the address with curl from this machine: a firewall or a proxy may block it, or a rule of the issuer that admits only some addresses. If curl gets 403 elsewhere too, check "issuer" and "jwksUri", or the ID of the user pool.',
    ]
  }
  return undefined
}

function ofStatus({ status }: Failure): string {
  const isWrong = status !== undefined && status < 500 && status !== 429
  const advice = isWrong
    ? 'The address is probably wrong: check "issuer" and "jwksUri", or the ID of the user pool.'
    : 'Try again later, or ask the issuer.'
  return `The status is ${status ?? 'that of an error'}. ${advice}`
}

function toNoKeySet(): string {
  return 'It returns a page or other JSON: a sign-in page, a proxy, or the metadata in place of the key set. Set "jwksUri" to the "jwks_uri" of the metadata.'
}

const TLS = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/

function ofNetwork({ code, place, text }: Failure): Cause {
  const why = text === undefined ? '.' : `: ${text}.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return cause(
      'The host name of the issuer is not found (DNS)',
      `${place}${why} Check the spelling of "issuer" and "jwksUri". In a container, localhost is the container itself, and other services have the name of the compose file. In a VPC, DNS must be on.`,
    )
  }
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return cause(
      'The endpoint does not speak TLS',
      `${place}${why} Its URL begins with https, and the server speaks plain http, or the port is a wrong one. Plain http is allowed for loopback hosts, and for those in "jwks.insecureHosts".`,
    )
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return cause(
      'The certificate of the issuer has expired (TLS)',
      `${place}${why} Renew it at the issuer. If it is still valid, the clock of this machine is wrong: synchronize it (NTP).`,
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return cause(
      'The certificate of the issuer is for another host name (TLS)',
      `${place}${why} Use a name of the certificate in "issuer" or "jwksUri", or have this name added to the certificate.`,
    )
  }
  if (code !== undefined && TLS.test(code)) {
    return cause(
      'The certificate of the issuer is not trusted (TLS)',
      `${place}${why} Give the private certificate authority: jwks: { agent: new Agent({ ca }) }, or NODE_EXTRA_CA_CERTS. If the endpoint speaks plain http, its URL must begin with http.`,
    )
  }
  if (code === 'ECONNREFUSED') {
    return cause(
      'Nothing listens at the address of the issuer',
      `${place}${why} Start the issuer, or check the host and the port. In a container, localhost is the container itself.`,
    )
  }
  return cause(
    'The issuer cannot be reached',
    `${place}${why} Is there a way out: a NAT gateway for a VPC, a proxy (jwks.agent), a firewall? If the option "fetch" is set, your function has failed.`,
  )
}

function placeOf({ profile, nearest }: Facts): string {
  const one = profile ?? nearest
  if (one === undefined)
    return 'Your function that finds issuers has failed, or the keys of the issuer that it has returned'
  const { keys, issuer } = one
  return keys.jwksUris.length > 0
    ? `The keys are at ${list(keys.jwksUris.map(withoutQuery))}`
    : `The keys are found by the metadata of ${quote(issuer)}`
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** The cause of an error: its message, the code of the network error that is behind it, and the HTTP status. */
function readCause(error: unknown): Omit<Failure, 'place'> {
  const thrown = isJwtGateError(error) ? readMember(error, 'cause') : undefined
  if (thrown === undefined) return { text: undefined, code: undefined, status: undefined }
  let json = toCauseJson(thrown)
  while (json.code === undefined && json.cause) json = json.cause
  const status = readMember(Object(thrown), 'status')
  return {
    text: toSentence(json.message ?? json.name),
    code: json.code === undefined ? undefined : String(json.code),
    status: typeof status === 'number' ? status : undefined,
  }
}

/** On one line, and without what follows at the end of OpenSSL's texts: a file, a colon and a line feed. */
function toSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/:[./]*deps\/\S*/, '')
  return shorten(line.replace(/[\s.:]+$/, ''))
}
