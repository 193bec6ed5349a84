/**
 * Something else than a token was sent, or a token that was changed on its way. Nothing of the text is quoted: it may be a secret.
 */
import { readMember, reasonOfText } from '../../verify/explain-kit.ts'
import type { Elsewhere } from '../elsewhere.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { memberOf, quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'
import { KINDS, OTHER_SCHEME, ofBeginning, opaque } from './text-kinds.ts'

export function findTextCauses({ token, elsewhere }: Facts, problem: Problem): Cause[] {
  const { code, reason = '' } = problem
  if (typeof token === 'string' && code === 'ERR_TOKEN_TOO_LARGE') return [tooLarge(token)]
  const known = ofBeginning(token)
  if (known) return [known]
  const kind = kindOf(problem)
  if (reason === 'characters' && typeof token === 'string') return [ofText(token, reason)]
  if (kind && code !== 'ERR_TOKEN_MALFORMED') return [kind]
  if ((token ?? '') === '') return [elsewhere ? notRead(elsewhere) : missing()]
  if (typeof token !== 'string') return [notAString(token)]
  return [ofText(token, reason)]
}

function kindOf({ code, reason = '' }: Problem): Cause | undefined {
  return code === 'ERR_TOKEN_MISSING' && reason === 'scheme' ? OTHER_SCHEME : KINDS[reason]
}

function ofText(token: string, reason: string): Cause {
  if (reason === 'empty') return KINDS['empty'] as Cause
  if (reason === 'encrypted') return encrypted(readHeader(token))
  const parts = token.split('.')
  return ofCharacters(token, parts) ?? ofParts(token, parts)
}

/** The text contains something that no token has. */
function ofCharacters(token: string, parts: readonly string[]): Cause | undefined {
  const kind = reasonOfText(token)
  if (kind !== undefined) return KINDS[kind]
  if (/%[0-9a-f]{2}/i.test(token)) {
    return cause(
      'The token is URL-encoded',
      'Decode it once with decodeURIComponent(), where the client takes it from a URL or a cookie.',
    )
  }
  if (/[+/=]/.test(token) && parts.length === 3) {
    return cause(
      'The token is in plain base64 instead of base64url',
      'A token has no "+", "/" or "=" (RFC 7515 s2). Send it as the issuer returned it. Tokens of an AWS load balancer (x-amzn-oidc-data) are padded.',
    )
  }
  return /[^\w.+/=-]/.test(token) ? KINDS['characters'] : undefined
}

function ofParts(token: string, parts: readonly string[]): Cause {
  if (/^eyj[^A-Z]+$/.test(token)) {
    return cause(
      'The token was turned into lower case',
      'It has no capital letters, and every JWT begins with "eyJ". Look for toLowerCase() in the client, or a proxy that changes the value of the header.',
    )
  }
  if (parts.length < 3 && token.startsWith('eyJ')) return cutOff()
  if (parts.length < 3) return opaque()
  if (parts.length !== 3) {
    return cause(
      'The text does not have the three parts of a JWT',
      `It has ${parts.length} parts. Send the access token as the issuer returned it.`,
    )
  }
  return isBroken(parts[2] as string) ? cutOff() : noJson()
}

/** Whether no base64url text can end so. */
function isBroken(segment: string): boolean {
  return segment === '' || segment !== Buffer.from(segment, 'base64url').toString('base64url')
}

function missing(): Cause {
  return cause(
    'No token was sent',
    'Send "Authorization: Bearer <token>". A browser sends no such header with a preflight (OPTIONS), an image or a WebSocket, and proxies may remove it.',
  )
}

/** Where a token may be instead, and the cure. */
const NOT_READ: Readonly<Record<Elsewhere['place'], readonly [string, (name: string) => string]>> =
  {
    header: [
      'The token is in a header that is not read',
      (name) =>
        `The header ${name} has it. Send "Authorization: Bearer <token>". If clients cannot, read this header with getToken: headerToken(${name}) in requireJwt, or with token: { header: ${name} } in the authorizer.`,
    ],
    query: [
      'The token is in the query string, which is not read',
      (name) =>
        `The parameter ${name} has it: such URLs end up in logs and histories (RFC 6750 s2.3, RFC 9700). Send "Authorization: Bearer <token>". A browser's WebSocket cannot: see docs/websockets.md.`,
    ],
    cookie: [
      'The token is in a cookie that is not read',
      (name) =>
        `The cookie ${name} has it. Read it with getToken: cookieToken(${name}) in requireJwt, or with token: { cookie: ${name} } in the authorizer.`,
    ],
  }

function notRead({ place, name }: Elsewhere): Cause {
  if (/^authorization$/i.test(name) && place === 'header') {
    return cause(
      'The token is in the Authorization header, and another place is configured',
      'Leave getToken (requireJwt) or "token" (authorizer) out. Or send the token only in the place that they name.',
    )
  }
  const [title, advise] = NOT_READ[place]
  return cause(title, advise(quote(name)))
}

function notAString(token: unknown): Cause {
  // whatever it is, to look at it must do no harm
  const read = (name: string): unknown => readMember(Object(token), name)
  const advice =
    read('access_token') !== undefined
      ? 'Pass the access_token of the response, not the whole response.'
      : typeof read('then') === 'function'
        ? 'It is a promise: await it first.'
        : `It is of the type ${typeof token}: pass the token as a string.`
  return cause('The token is not a string', advice)
}

function tooLarge(token: string): Cause {
  return cause(
    'The token is longer than the verifier accepts',
    `It has ${token.length} characters. Raise "maxTokenBytes", or have the issuer leave out large claims, such as lists of groups.`,
  )
}

function cutOff(): Cause {
  return cause(
    'The end of the token is cut off',
    'Copy the whole token: it has three parts with dots between them. Terminals, log viewers, cookies over 4 KB and database columns cut long texts.',
  )
}

function noJson(): Cause {
  return cause(
    'A part of the token is not a JSON object',
    'The text was changed, or it is no JWT. Send the access token as the issuer returned it.',
  )
}

/** The header of an encrypted token is readable (RFC 7516 s4). */
function readHeader(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString())
  } catch {
    return undefined
  }
}

/** A token that only its issuer can read. @param header - of the unverified token */
export function encrypted(header: unknown): Cause {
  if (memberOf(header, 'alg') === 'dir' && memberOf(header, 'iss') !== undefined) {
    return cause(
      'The token is encrypted for the issuer alone, because no audience was requested',
      'Auth0 encrypts access tokens for its own userinfo endpoint. Request the token with the "audience" of your API.',
    )
  }
  if (memberOf(header, 'alg') === 'RSA-OAEP') {
    return cause(
      'A refresh token was sent, or another encrypted token',
      'Cognito encrypts refresh tokens (RSA-OAEP). Send the access token instead.',
    )
  }
  return cause(
    'The token is encrypted (JWE)',
    `Only signed tokens are supported. Switch off the encryption for this API at the issuer${memberOf(header, 'enc') ? ` (enc: ${quote(memberOf(header, 'enc'))})` : ''}.`,
  )
}
