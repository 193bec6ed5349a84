/**
 * Something else than a token was sent, or a token that was changed on its way. Nothing of the text is quoted: it may be a secret.
 */
import { readMember, reasonOfText } from '../../verify/explain-kit.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { memberOf, quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'

/** By the reason of the error, or by what the text is. */
const KINDS: Readonly<Record<string, Cause>> = {
  empty: cause(
    'A variable without a value was sent as the token',
    'The client sent the text undefined or null, or nothing after Bearer. Wait until the sign-in has returned a token, and look at the name of the variable or of the member (access_token, accessToken).',
  ),
  scheme: cause(
    'The word Bearer is part of the token',
    'Send the scheme once: "Authorization: Bearer <token>". In code, pass only what follows "Bearer " to verify().',
  ),
  no_scheme: cause(
    'The scheme Bearer is missing',
    'Send "Authorization: Bearer <token>". If clients must send the token alone, read it with getToken, or with token: { header: \'Authorization\', scheme: null } in the authorizer.',
  ),
  separator: cause(
    'The scheme and the token are not separated by a space',
    'Send "Authorization: Bearer <token>", with a space and no colon or equals sign after Bearer.',
  ),
  repeated: cause(
    'More than one token was sent',
    'Send one Authorization header with one token. A proxy, or two interceptors of the HTTP client, may each add one.',
  ),
  quoted: cause(
    'The token is in quotes',
    'Remove the quotes. JSON.stringify(), or jq without -r, puts them around a token.',
  ),
  line_break: cause(
    'The token contains a line break',
    'Remove it: a file, or a command such as echo, ends with one, and terminals and mails wrap long lines. Use trim(), or $(cat token.txt).',
  ),
  space: cause(
    'The token contains a space',
    'Remove it: the token was copied with a blank, or a plus sign was decoded as one.',
  ),
  json: cause(
    'JSON was sent instead of a token',
    'Send only the access_token of the token response, not the whole response.',
  ),
  placeholder: cause(
    'A placeholder was sent instead of a token',
    'The variable was not replaced: look at its name, and at the environment that the client or tool has selected. Single quotes keep a shell from replacing $TOKEN.',
  ),
  characters: cause(
    'The token contains characters that no token has',
    'Copy the token again. A token has letters, digits, "-", "_" and two dots. Plain base64 has "+", "/" or "=", and URL-encoded text has "%".',
  ),
}

export function findTextCauses({ token }: Facts, problem: Problem): Cause[] {
  const { code, reason = '' } = problem
  if (typeof token === 'string' && code === 'ERR_TOKEN_TOO_LARGE') return [tooLarge(token)]
  const kind = KINDS[reason]
  if (reason === 'characters' && typeof token === 'string') return [ofText(token, reason)]
  if (kind && code !== 'ERR_TOKEN_MALFORMED') return [kind]
  if (token === undefined || token === null || token === '') return [missing()]
  if (typeof token !== 'string') return [notAString(token)]
  return [ofText(token, reason)]
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
  if (parts.length < 3 && token.startsWith('eyJ')) return cutOff()
  if (parts.length === 1) return opaque()
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

function opaque(): Cause {
  return cause(
    'The token is opaque: it is no JWT',
    'Ask the issuer for a JWT. Auth0 issues one if the client requests it with "audience", Okta if it uses a custom authorization server. Google access tokens, session cookies and API keys are no JWTs.',
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
