/**
 * Step 1: the size and the form of a token. Nothing of a text that is no token is shown, because it may be a secret.
 */
import {
  assertTokenSize,
  KnownHeaders,
  parseUnverifiedToken,
  type UnverifiedToken,
} from '../../verify/explain-kit.ts'
import { failed, type Judged, judge, passed, skipped } from './judge.ts'

/** The checks, and the token if it is well-formed. */
export interface Form {
  readonly checks: readonly Judged[]
  readonly parts: UnverifiedToken | undefined
}

export function checkForm(token: unknown, maxTokenBytes: number): Form {
  const view = {
    expected: `a string of at most ${maxTokenBytes} characters`,
    actual: typeof token === 'string' ? `${token.length} characters` : describe(token),
  }
  const size = judge('size', view, () => assertTokenSize(token, maxTokenBytes))
  if (typeof token !== 'string' || token.length > maxTokenBytes || token === '') {
    return { checks: [size, skipped('form', 'there is no token to read')], parts: undefined }
  }
  const shape = {
    expected: 'three parts of base64url, with dots between them',
    actual: countParts(token),
  }
  try {
    const scratch = Buffer.allocUnsafeSlow(token.length)
    const parts = parseUnverifiedToken(token, scratch, new KnownHeaders())
    return { checks: [size, passed('form', shape)], parts }
  } catch (error) {
    return { checks: [size, failed('form', shape, error)], parts: undefined }
  }
}

function describe(token: unknown): string {
  return token === null ? 'null' : typeof token
}

function countParts(token: string): string {
  const parts = token.split('.').map((part) => `${part.length} characters`)
  return parts.length > 6 ? `${parts.length} parts` : parts.join(' . ')
}
