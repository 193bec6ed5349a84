/**
 * A token with marks wherever it can hold text, and a way to find any part of it again in whatever an error, an answer or an
 * event says.
 */
import { inspect } from 'node:util'
import type { TestIssuer, TestKey } from 'jwt-gate/testing'
import { expect } from 'vitest'

/** Stands in claims and header members, as their name and as their value. It has no letter in common with usual words. */
export const MARK = 'Qz7Xk9-Wv3Jq8Zx5'
/** How many characters in a row give something away. */
const TELLING = 10

/** Header members with marks in them, none of which matters. */
const MARKED_HEADER = {
  cty: MARK,
  [MARK]: MARK,
  jku: `https://${MARK}.example`,
  x5c: [MARK],
}

/** Claims with marks in them, beside those that are checked. */
export function markedClaims(issuer: TestIssuer, exp: number): Record<string, unknown> {
  return {
    iss: issuer.issuer,
    ...{ exp, sub: MARK, jti: MARK, username: MARK, email: `${MARK}@example.com` },
    ...{ scope: MARK, groups: [MARK], 'cognito:groups': [MARK], [MARK]: { [MARK]: MARK } },
  }
}

/** A marked token. */
export function mint(
  issuer: TestIssuer,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
  key?: TestKey,
): Promise<string> {
  return issuer.token(claims, { header: { ...MARKED_HEADER, ...header }, ...(key && { key }) })
}

/** Everything that anyone could print of a value. */
export function everythingOf(value: unknown): string {
  const { message, stack, cause } = value instanceof Error ? value : ({} as Error)
  return [
    String(value),
    message,
    stack,
    JSON.stringify(value),
    typeof value === 'object' ? JSON.stringify({ ...value }) : '',
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null }),
    cause === undefined ? '' : everythingOf(cause),
  ].join('\n')
}

/** That no part of any secret is in a text: not as it is, not in base64url, not in the middle of something else. */
export function expectNothingOf(secrets: readonly string[], text: string): void {
  const found = secrets.flatMap(toFragments).filter((fragment) => text.includes(fragment))

  expect(found).toEqual([])
}

/** The parts of a token, the text in them, and the mark in every shift that base64url can give it. */
export function secretsOf(token: string): string[] {
  const shifted = ['', 'x', 'xy'].map((before) =>
    Buffer.from(before + MARK)
      .toString('base64url')
      .slice(before.length + 1, -2),
  )
  return [...token.split('.'), MARK, encodeURIComponent(MARK), ...shifted]
}

/** The secret members of a private key, and the public one that names it. */
export function secretsOfKey(jwk: Readonly<Record<string, unknown>>): string[] {
  return ['d', 'p', 'q', 'dp', 'dq', 'qi', 'n', 'kid'].map((name) => String(jwk[name] ?? MARK))
}

function toFragments(secret: string): string[] {
  if (secret.length <= TELLING) return [secret].filter((text) => text !== '')
  return Array.from({ length: secret.length - TELLING + 1 }, (_, at) =>
    secret.slice(at, at + TELLING),
  )
}
