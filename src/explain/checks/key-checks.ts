/**
 * Steps 4 and 5: the key and the signature. Keys come from the verifier's own stores, so a fetch obeys their budget.
 */
import {
  isSignedBy,
  type Profile,
  type UnverifiedToken,
  type VerificationKey,
  wrongSignature,
} from '../../verify/explain-kit.ts'
import type { Run } from '../run.ts'
import { list, show } from '../show.ts'
import { failed, type Judged, passed, skipped } from './judge.ts'

/** The checks, and the key if there is one. */
export interface KeyChecks {
  readonly checks: readonly Judged[]
  readonly key: VerificationKey | undefined
}

export async function checkKey(
  parts: UnverifiedToken,
  profile: Profile | undefined,
  { findKey }: Run,
): Promise<KeyChecks> {
  if (profile === undefined) return without('no key is looked up for an issuer that is not trusted')
  const { alg, kid } = parts.header
  const isAllowed = profile.header.algorithms.has(alg as string)
  if (!isAllowed || (kid !== undefined && typeof kid !== 'string')) {
    return without('no key is looked up for such a header')
  }
  let key: VerificationKey
  try {
    key = await findKey(profile, { alg: alg as string, ...(kid !== undefined && { kid }) })
  } catch (thrown) {
    const check = failed('key', viewOf(profile, kid), thrown)
    return { checks: [check, skipped('signature', 'there is no key')], key: undefined }
  }
  const view = viewOf(profile, kid)
  return { checks: [passed('key', view), checkSignature(parts, key)], key }
}

function without(detail: string): KeyChecks {
  return {
    checks: [skipped('key', detail), skipped('signature', 'there is no key')],
    key: undefined,
  }
}

/** Nothing of the signature is shown. */
function checkSignature(parts: UnverifiedToken, key: VerificationKey): Judged {
  const view = {
    expected: `${key.signatureBytes} bytes, made with the private key of this public key`,
    actual: `${parts.signatureBytes} bytes`,
  }
  if (isSignedBy(key, parts)) return passed('signature', view)
  return failed('signature', view, wrongSignature(key, parts))
}

function viewOf({ keys }: Profile, kid: string | undefined): { expected: string; actual: string } {
  const kids = keys.keySet?.kids
  return {
    expected: kids ? `kid ${list(kids.map((one) => one ?? null))}` : 'a key of the issuer',
    actual: kid === undefined ? 'no kid' : `kid ${show(kid)}`,
  }
}
