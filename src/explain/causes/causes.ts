/**
 * The probable causes: first those of the error, then those of the other checks that have failed.
 */
import type { JwtGateErrorCode } from '../../verify/index.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import {
  findAuthenticationCauses,
  findDeniedCauses,
  findGroupCauses,
  findScopeCauses,
} from './access-causes.ts'
import {
  findCertificateCauses,
  findMissingProofCauses,
  findProofCauses,
  findStoreCauses,
} from './binding-causes.ts'
import { cause, type FindCauses, type Problem, toProblem } from './cause.ts'
import {
  findAudienceCauses,
  findClientCauses,
  findInvalidClaimCauses,
  findMissingClaimCauses,
  findTokenUseCauses,
} from './claim-causes.ts'
import { describe, findConfigCauses, findRuleCauses } from './custom-causes.ts'
import { findAlgorithmCauses, findFeatureCauses, findTypeCauses } from './header-causes.ts'
import { findIssuerCauses } from './issuer-causes.ts'
import { findMissingKeyCauses, findUnusableKeyCauses } from './key-causes.ts'
import { findNetworkCauses } from './network-causes.ts'
import { findListCauses, findRevokedCauses } from './revocation-causes.ts'
import { findSignatureCauses } from './signature-causes.ts'
import { findTextCauses } from './text-causes.ts'
import { findTimeCauses } from './time-causes.ts'

const MAX_CAUSES = 8
const BY_FUNCTION =
  'A function in the configuration (getToken, origin, a wrapper of the verifier) has thrown it.'

/** Later versions may have codes that are not in here. */
const FINDERS: { readonly [Code in JwtGateErrorCode]?: FindCauses } = {
  ERR_CONFIG_INVALID: findConfigCauses,
  ERR_TOKEN_MISSING: findTextCauses,
  ERR_TOKEN_REQUEST: findTextCauses,
  ERR_TOKEN_TOO_LARGE: findTextCauses,
  ERR_TOKEN_MALFORMED: findMalformedCauses,
  ERR_TOKEN_UNSUPPORTED: findFeatureCauses,
  ERR_TOKEN_ALGORITHM: findAlgorithmCauses,
  ERR_TOKEN_TYPE: findTypeCauses,
  ERR_TOKEN_SIGNATURE: findSignatureCauses,
  ERR_TOKEN_EXPIRED: findTimeCauses,
  ERR_TOKEN_NOT_ACTIVE: findTimeCauses,
  ERR_TOKEN_TOO_OLD: findTimeCauses,
  ERR_TOKEN_REVOKED: findRevokedCauses,
  ERR_TOKEN_CHECK: findRuleCauses,
  ERR_CLAIM_ISSUER: findIssuerCauses,
  ERR_CLAIM_AUDIENCE: findAudienceCauses,
  ERR_CLAIM_CLIENT_ID: findClientCauses,
  ERR_CLAIM_TOKEN_USE: findTokenUseCauses,
  ERR_CLAIM_MISSING: findMissingClaimCauses,
  ERR_CLAIM_INVALID: findInvalidClaimCauses,
  ERR_KEY_NOT_FOUND: findMissingKeyCauses,
  ERR_KEY_UNUSABLE: findUnusableKeyCauses,
  ERR_PROOF_MISSING: findMissingProofCauses,
  ERR_PROOF_INVALID: findProofCauses,
  ERR_PROOF_NONCE: findProofCauses,
  ERR_PROOF_REPLAYED: findProofCauses,
  ERR_CERTIFICATE_MISMATCH: findCertificateCauses,
  ERR_ACCESS_SCOPE: findScopeCauses,
  ERR_ACCESS_GROUP: findGroupCauses,
  ERR_ACCESS_DENIED: findDeniedCauses,
  ERR_ACCESS_AUTHENTICATION: findAuthenticationCauses,
  ERR_JWKS_UNAVAILABLE: findNetworkCauses,
  ERR_JWKS_INVALID: findNetworkCauses,
  ERR_STORE_UNAVAILABLE: findStoreCauses,
  ERR_REVOCATIONS_UNAVAILABLE: findListCauses,
}

export function findCauses(facts: Facts, error: unknown): Cause[] {
  const errors = [
    error,
    ...facts.checks.flatMap((one) => (one.error === undefined ? [] : [one.error])),
  ]
  const causes = errors.flatMap((one) => causesOf(facts, toProblem(one)))
  const titles = new Set<string>()
  return causes.filter(({ title }) => !titles.has(title) && titles.add(title)).slice(0, MAX_CAUSES)
}

function causesOf(facts: Facts, problem: Problem): Cause[] {
  const { code } = problem
  // `code` may be any text of a user
  const find =
    code !== undefined && Object.hasOwn(FINDERS, code)
      ? FINDERS[code as JwtGateErrorCode]
      : undefined
  const causes = find?.(facts, problem) ?? []
  if (causes.length > 0) return causes
  if (code !== undefined) return [cause(`The error ${code} was thrown`, BY_FUNCTION)]
  return [
    cause(
      'An error was thrown that is not of jwt-gate',
      `${describe(problem.error)}. ${BY_FUNCTION}`,
    ),
  ]
}

/** The text is no token, or something in a token is broken. */
function findMalformedCauses(facts: Facts, problem: Problem): Cause[] {
  if (problem.claim === 'kid') {
    return [
      cause(
        'The key ID (kid) in the header is no text',
        'It must be a string (RFC 7515 s4.1.4). Have the issuer write it in quotes.',
      ),
    ]
  }
  if (Object.keys(facts.header).length > 0) {
    return [
      cause(
        'The claims are nested too deeply, or have a member __proto__',
        'Have the issuer leave such claims out.',
      ),
    ]
  }
  return findTextCauses(facts, problem)
}
