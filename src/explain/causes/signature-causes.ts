/**
 * The key is there, and the signature does not fit it.
 */
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { quote } from '../show.ts'
import { cause } from './cause.ts'
import { graphToken, isGraphToken } from './kinds.ts'

export function findSignatureCauses(facts: Facts): Cause[] {
  const { header, payload, signatureBytes, key } = facts
  if (isGraphToken(header, payload)) return [graphToken(payload)]
  const expected = key?.signatureBytes ?? signatureBytes
  return [signatureBytes === expected ? otherKey(facts) : otherLength(facts, expected)]
}

function otherLength({ signatureBytes, isDer, key }: Facts, expected: number): Cause {
  const isEcdsa = key?.alg.startsWith('ES') ?? false
  const sizes = `The signature has ${signatureBytes} bytes, and must have ${expected}`
  if (isEcdsa && isDer) {
    return cause(
      'The signature is in DER format',
      `A JWT has the two numbers of an ECDSA signature side by side, ${expected} bytes (RFC 7518 s3.4). Whoever signs with node:crypto or OpenSSL sets dsaEncoding: 'ieee-p1363'; AWS KMS returns DER.`,
    )
  }
  if (isEcdsa && signatureBytes === expected - 1) {
    return cause(
      'The signature lacks a leading zero',
      `${sizes}: some tokens of this issuer pass and some do not. Update the library that signs them.`,
    )
  }
  return signatureBytes < expected
    ? cause(
        'The end of the token is cut off',
        `${sizes}. Copy the whole token: terminals, log viewers, cookies over 4 KB and database columns cut long texts.`,
      )
    : cause(
        'Something follows the token, or it is signed with a key of another size',
        `${sizes}. Copy exactly the token.`,
      )
}

function otherKey({ header, profile }: Facts): Cause {
  const place = profile?.hasGivenKeys
    ? 'the key in "jwks" is old or of another issuer'
    : 'the issuer has changed the key under its name (an emulator that was restarted)'
  const key = header['kid'] === undefined ? '' : ` and compare the key ${quote(header['kid'])}`
  return cause(
    'The token was changed after it was signed, or another key has signed it',
    `Either somebody has edited the token (such as in a debugger), or ${place}. Get a new token${key}.`,
  )
}
