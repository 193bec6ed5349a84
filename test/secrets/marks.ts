/**
 * A token with marks wherever it can hold text, and a search for any part of it in an error, a response or an event.
 */
import { inspect } from 'node:util'
import type { TestIssuer, TestKey } from 'jwt-gate/testing'
import { expect } from 'vitest'

/** Used as the name and the value of claims and header members. It has no characters in common with usual words. */
export const MARK = 'Qz7Xk9-Wv3Jq8Zx5'
/** The number of consecutive characters that reveals a secret. */
const TELLING = 10

/** Header members with marks, none of which has a meaning. */
const MARKED_HEADER = {
  cty: MARK,
  [MARK]: MARK,
  jku: `https://${MARK}.example`,
  x5c: [MARK],
}

/** Claims with marks, in addition to those that are checked. */
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

/** Everything that anybody could print of a value. */
export function everythingOf(value: unknown): string {
  const { message, stack, cause } = value instanceof Error ? value : ({} as Error)
  const { expected } = (value ?? {}) as { expected?: unknown }
  return [
    String(value),
    message,
    stack,
    JSON.stringify(value),
    inspect(expected, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null }),
    typeof value === 'object' ? JSON.stringify({ ...value }) : '',
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null }),
    cause === undefined ? '' : everythingOf(cause),
  ].join('\n')
}

/** Expects that no part of any secret is in a text: neither unchanged, nor in base64url, nor inside something else. */
export function expectNothingOf(secrets: readonly string[], text: string): void {
  const found = secrets.flatMap(toFragments).filter((fragment) => text.includes(fragment))

  expect(found).toEqual([])
}

/** The parts of a token, their text, and the mark in every alignment of base64url. */
export function secretsOf(token: string): string[] {
  const shifted = ['', 'x', 'xy'].map((before) =>
    Buffer.from(before + MARK)
      .toString('base64url')
      .slice(before.length + 1, -2),
  )
  return [...token.split('.'), MARK, encodeURIComponent(MARK), ...shifted]
}

/** The secret members of a private key, and the public one that identifies it. */
export function secretsOfKey(jwk: Readonly<Record<string, unknown>>): string[] {
  return ['d', 'p', 'q', 'dp', 'dq', 'qi', 'n', 'kid'].map((name) => String(jwk[name] ?? MARK))
}

function toFragments(secret: string): string[] {
  if (secret.length <= TELLING) return [secret].filter((text) => text !== '')
  return Array.from({ length: secret.length - TELLING + 1 }, (_, at) =>
    secret.slice(at, at + TELLING),
  )
}
