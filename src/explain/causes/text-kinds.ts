/**
 * What was sent instead of a token, by the reason of the error or by the text itself. Nothing of the text is quoted.
 */
import type { Cause } from '../explanation.ts'
import { cause } from './cause.ts'

/** By the reason of the error, or by what the text is. */
export const KINDS: Readonly<Record<string, Cause>> = {
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

/** `Basic`, or the scheme of a framework, in place of `Bearer`. */
export const OTHER_SCHEME = cause(
  'The Authorization header has another scheme',
  'Send "Authorization: Bearer <token>". Basic, Token and JWT are other schemes. Look for a client or a proxy that replaces the header.',
)

const OPAQUE = 'The token is opaque: it is no JWT'

/** By what the text begins with, whatever follows. */
const BEGINNINGS: readonly (readonly [RegExp, Cause])[] = [
  [
    /^\[object Promise\]/,
    cause(
      'A promise was sent instead of a token',
      'Write await in front of the call that gets the token.',
    ),
  ],
  [/^\[object /, cause('An object was sent instead of a token', 'Send its member access_token.')],
  [
    /^["'\s]*authorization\s*:/i,
    cause('The name of the header is part of the token', 'Pass only what follows "Bearer ".'),
  ],
  [/^ya29\./, cause(OPAQUE, "Google's access tokens are opaque: send the ID token (id_token).")],
]

/** @param text - anything that was sent */
export function ofBeginning(text: unknown): Cause | undefined {
  if (typeof text !== 'string') return undefined
  return BEGINNINGS.find(([pattern]) => pattern.test(text))?.[1]
}

export function opaque(): Cause {
  return cause(
    OPAQUE,
    'Ask the issuer for a JWT. Auth0 issues one if the client requests it with "audience", Okta if it uses a custom authorization server. Google access tokens, session cookies and API keys are no JWTs.',
  )
}
