/**
 * The token is good, and does not allow what the rule asks for.
 */
import {
  claimAt,
  readGrantedScopes,
  readGroups,
  readMember,
  toClaimPath,
} from '../../verify/explain-kit.ts'
import { isJwtGateError } from '../../verify/index.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { list, memberOf, quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'
import { describeCause } from './custom-causes.ts'
import { idToken, isIdToken, isPreset } from './kinds.ts'

/** The one scope of tokens from Cognito's API, in contrast to its sign-in pages. */
const SIGN_IN_SCOPE = 'aws.cognito.signin.user.admin'

function wantedOf({ error }: Problem, ...names: string[]): string[] {
  const expected = isJwtGateError(error) ? readMember(error, 'expected') : undefined
  return names.flatMap((name) => {
    const values = memberOf(expected, name)
    return Array.isArray(values) ? values.map(String) : []
  })
}

export function findScopeCauses({ payload, nearest }: Facts, problem: Problem): Cause[] {
  const wanted = wantedOf(problem, 'scopes', 'anyScope')
  const granted = [...readGrantedScopes(payload)].filter((one) => one !== '')
  const missing = wanted.filter((one) => !granted.includes(one))
  if (isIdToken(payload)) return [idToken(payload, nearest)]
  const place = placesOf(payload).find(({ values }) => missing.some((one) => values.includes(one)))
  if (place !== undefined) return [elsewhere(place, missing)]
  if (granted.length === 1 && granted[0] === SIGN_IN_SCOPE) return [neverGranted(missing)]
  if (granted.length > 0) return [misspelled(granted, missing) ?? lacking(granted, missing)]
  return [
    cause(
      'The token has no scopes',
      `Wanted is ${list(wanted)}, and neither "scope" nor "scp" is there. Request the scope at sign-in. Roles and permissions in other claims (roles, permissions) are for the condition "claims".`,
    ),
  ]
}

function elsewhere(place: Place, missing: readonly string[]): Cause {
  const { name, values } = place
  return cause(
    'The scope is in another claim',
    `${quote(name)} has ${list(values)}, and a rule with scopes reads "scope" and "scp" alone. ${useRule(place, missing)}`,
  )
}

function useRule({ name, values }: Place, missing: readonly string[]): string {
  const one = missing.find((value) => values.includes(value))
  return `Use the rule { claims: { ${quote(name)}: ${quote(one)} } }.`
}

function neverGranted(missing: readonly string[]): Cause {
  return cause(
    'InitiateAuth never grants this scope',
    `The token was issued by the API of Cognito (InitiateAuth, Amplify's signIn), which grants only ${SIGN_IN_SCOPE}. Sign in through the hosted pages (/oauth2/authorize) with ${list(missing)}, or use groups, or a pre token generation trigger (version 2) that adds scopes.`,
  )
}

function lacking(granted: readonly string[], missing: readonly string[]): Cause {
  return cause(
    'The token lacks a scope',
    `Wanted is ${list(missing)}, and the token has ${list(granted)}. Request the scope at sign-in, and allow it for the client at the issuer.`,
  )
}

function misspelled(granted: readonly string[], missing: readonly string[]): Cause | undefined {
  const joined = granted.find((one) => /[,;]/.test(one))
  if (joined !== undefined) {
    return cause(
      'The scopes are not separated by spaces',
      `"scope" has ${quote(joined)}: RFC 6749 s3.3 separates scopes by spaces. Have the issuer write them so, or as a list.`,
    )
  }
  const isPart = (one: string): boolean =>
    missing.some((name) => name.endsWith(`/${one}`) || one.endsWith(`/${name}`))
  const partial = granted.find(isPart)
  if (partial === undefined) return undefined
  return cause(
    'The scope is written with another prefix',
    `The token has ${quote(partial)}, and wanted is ${list(missing)}: scopes are compared exactly, with the identifier of the resource server in front of them. Write the scope in the rule as the token has it.`,
  )
}

/** Where issuers put groups and roles. */
const PLACES = [
  'cognito:groups',
  'groups',
  'roles',
  'role',
  'permissions',
  '/realm_access/roles',
  'cognito:roles',
] as const

export function findGroupCauses({ payload, nearest }: Facts, problem: Problem): Cause[] {
  const wanted = wantedOf(problem, 'groups', 'allGroups')
  const found = [...readGroups(payload, nearest?.groupsClaim)]
  const missing = wanted.filter((one) => !found.includes(one))
  const place = placesOf(payload).find(({ values }) => missing.some((one) => values.includes(one)))
  if (place !== undefined) {
    return [
      cause(
        'The groups are in another claim',
        `${quote(place.name)} has ${list(place.values)}. ${useGroupsOf(place, missing, nearest)}`,
      ),
    ]
  }
  const lower = found.map((one) => one.toLowerCase())
  const similar = wanted.find(
    (one) => lower.includes(one.toLowerCase()) || found.includes(`/${one}`),
  )
  if (similar !== undefined && !found.includes(similar)) {
    return [
      cause(
        'The name of the group is spelled in another way',
        `The token has ${list(found)}, and wanted is ${list(wanted)}: names are compared exactly, with case and slashes.`,
      ),
    ]
  }
  if (payload['sub'] !== undefined && payload['sub'] === payload['client_id']) {
    return [
      cause(
        'The token belongs to a machine, which is in no group',
        `It was issued by the client credentials grant. Wanted is ${list(wanted)}: use scopes for machines.`,
      ),
    ]
  }
  return [
    found.length === 0
      ? cause(
          'The user is in no group',
          `Wanted is ${list(wanted)}, and the token has no groups. Add the user to the group, and get a new token: groups are written into it at sign-in.`,
        )
      : cause(
          'The user is not in the required group',
          `Wanted is ${list(wanted)}, and the token has ${list(found)}. Add the user to the group, and get a new token: groups are written into it at sign-in.`,
        ),
  ]
}

/** No preset has an option "groupsClaim". */
function useGroupsOf(place: Place, missing: readonly string[], nearest: Facts['nearest']): string {
  const { name, client } = place
  if (!isPreset(nearest)) return `Set "groupsClaim" to ${quote(name)}.`
  // `keycloak()` reads one of the two kinds of roles
  const isKeycloak = /^re\w+_access$/.test(nearest?.groupsClaim?.[0] ?? '')
  if (isKeycloak && client !== undefined) return `Set "rolesOf" to ${quote(client)}.`
  if (isKeycloak && name === '/realm_access/roles') return 'Leave "rolesOf" out.'
  return useRule(place, missing)
}

/** A claim with names of groups, roles or permissions. */
interface Place {
  /** The claim, or a JSON Pointer. */
  readonly name: string
  readonly values: readonly string[]
  /** The client whose roles they are, in Keycloak. */
  readonly client?: string
}

function placesOf(payload: Facts['payload']): Place[] {
  const others = Object.keys(payload).filter((name) => /^https?:\/\/.*(?:roles|groups)$/.test(name))
  const clients = Object.keys(Object(payload['resource_access']))
  // the name of a claim may begin with a slash only as a JSON Pointer
  const places = [
    ...[...PLACES, ...others].map((name) => ({
      name,
      path: name.startsWith('/') ? name.slice(1).split('/') : [name],
    })),
    ...clients.map((client) => ({
      name: `/resource_access/${client.replaceAll('~', '~0').replaceAll('/', '~1')}/roles`,
      path: ['resource_access', client, 'roles'],
      client,
    })),
  ]
  return places.flatMap(({ path, ...place }): Place[] => {
    const values = [claimAt(payload, path)].flat().filter((one) => typeof one === 'string')
    return values.length > 0 ? [{ ...place, values }] : []
  })
}

/** What is wrong with a request to an authorizer, by reason. */
const REQUEST_CAUSES: ReadonlyMap<unknown, Cause> = new Map([
  [
    'no_route',
    cause(
      'No route of "access" matches the request',
      'A request is denied if "access" does not have its route. Add the route key to "access" as API Gateway has it ("GET /orders", without the stage), with {} if every valid token may use it; for a WebSocket API, "$connect".',
    ),
  ],
  [
    'undecided',
    cause(
      'The request contains the key of its route',
      'A header, a cookie or a parameter contains the route key, such as "GET /orders". So the event does not show whether API Gateway caches the simple response by route, or by that value. Send the request without it. If all requests have it, a proxy adds it: change the proxy, or set "policy" to "request" if API Gateway caches no responses.',
    ),
  ],
])

export function findDeniedCauses({ payload }: Facts, { claim, reason, error }: Problem): Cause[] {
  const ofRequest = REQUEST_CAUSES.get(reason)
  if (ofRequest !== undefined) return [ofRequest]
  const because = describeCause(error)
  if (because !== undefined) {
    return [
      cause(
        'The "check" of the access rule has failed',
        `It has thrown ${because}. That denies access: return true or false.`,
      ),
    ]
  }
  if (claim === undefined) {
    return [
      cause(
        'A function of the access rule denies access',
        'The "check" of the rule has returned something else than true. A forgotten return counts as no.',
      ),
    ]
  }
  return [ofClaim(payload, claim, reason)]
}

function ofClaim(payload: Facts['payload'], claim: string, reason: string | undefined): Cause {
  const pointer = toPointer(claim, payload)
  if (reason === 'missing' && pointer !== undefined) {
    return cause(
      'The path of a claim is not written as a JSON Pointer',
      `Write ${quote(pointer)}: ${quote(claim)} is the name of one claim, which the token does not have.`,
    )
  }
  const value = claimAt(payload, toClaimPath(claim))
  return reason === 'missing'
    ? cause(
        'A claim that the rule asks for is absent',
        `The rule asks for ${quote(claim)}, and the token has ${list(Object.keys(payload))}. Have the issuer add it (a role, a permission), or name the claim as the token does.`,
      )
    : cause(
        'A claim has another value than the rule asks for',
        `${quote(claim)} is ${quote(value)}. Give the user this role or permission at the issuer and get a new token, or change the rule: types and case count.`,
      )
}

/** The path that somebody has written with dots, or without the first slash; `undefined` for other names. */
function toPointer(claim: string, payload: Facts['payload']): string | undefined {
  const [first = '', ...others] = claim.split(/[./]/)
  const isPath = others.length > 0 && typeof payload[first] === 'object'
  return isPath ? `/${[first, ...others].join('/').replaceAll('~', '~0')}` : undefined
}

export function findAuthenticationCauses({ payload }: Facts, { claim }: Problem): Cause[] {
  if (claim === 'acr') {
    return [
      cause(
        'The user has not authenticated strongly enough',
        `"acr" is ${quote(payload['acr'])}. Sign in again with acr_values (RFC 9470), for which the issuer asks for a second factor.`,
      ),
    ]
  }
  return [
    cause(
      'The user has authenticated too long ago',
      `"auth_time" is ${quote(payload['auth_time'])}. Sign in again with max_age or prompt=login: a refreshed token keeps the time of the sign-in.`,
    ),
  ]
}
