/**
 * The issuer of the token is not trusted.
 */
import type { Profile } from '../../verify/explain-kit.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'
import { normalize } from '../nearest-issuer.ts'
import { list, quote } from '../show.ts'
import { cause, type Problem } from './cause.ts'
import { isPool, type Pool, parsePool } from './cognito-pool.ts'
import { wantedOf } from './custom-causes.ts'
import { graphToken, isGraphToken, isMicrosoft, isPreset } from './kinds.ts'

export function findIssuerCauses(facts: Facts, { reason, claim, error }: Problem): Cause[] {
  const { header, payload, nearest, trusted } = facts
  const { iss } = payload
  if (reason === 'not_in_use') return [otherForm(iss)]
  if (isGraphToken(header, payload)) return [graphToken(payload)]
  if (claim === 'ver') return [otherVersion(`It is ${wantedOf(error)}.`)]
  if (iss === undefined) {
    return [
      cause(
        'The token does not say who issued it',
        'It has no "iss", which every access token of an OAuth issuer has. Is it a token that your own code has signed? Then add "iss".',
      ),
    ]
  }
  if (typeof iss !== 'string') {
    return [
      cause('The issuer of the token is no text', `"iss" must be a string, and is ${quote(iss)}.`),
    ]
  }
  if (nearest === undefined) return [notFound(iss)]
  const wanted = nearest.issuer
  const found = [
    ofPools(parsePool(iss), parsePool(wanted)),
    poolEmulator(iss, nearest),
    isPreset(nearest) ? slashOfPreset(iss, wanted) : undefined,
    spelling(iss, wanted),
    ofMicrosoft(iss, wanted),
    ofOkta(iss, wanted),
    sameHost(iss, wanted),
    samePath(iss, wanted),
    emulator(iss, wanted),
  ].find((one) => one !== undefined)
  return [
    found && isPreset(nearest)
      ? ofPreset(found)
      : (found ??
        cause(
          'The token is from another issuer',
          `Its "iss" is ${quote(iss)}, and trusted is ${list(trusted)}. Is it a token of another environment? To accept it, trust this issuer, too.`,
        )),
  ]
}

/** A preset has no option "issuer", and no "jwksUri". */
function ofPreset({ title, advice }: Cause): Cause {
  const option = 'the issuer (by an option of the preset, such as "domain", "realm" or "projectId")'
  const copy = '"jwksUri" (in a copy: { ...keycloak({ … }), jwksUri: … })'
  return cause(
    title,
    advice.replace(/(?<=set )"issuer"(?= to)/i, option).replace(/"jwksUri"(?= to)/, copy),
  )
}

function notFound(iss: string): Cause {
  return cause(
    'Your function does not know the issuer of the token',
    `It was called with ${quote(iss)} and has returned undefined, or an issuer that is not exactly this one; an "iss" that is no canonical URL is not asked for. An undefined counts for ten seconds.`,
  )
}

function otherForm(iss: unknown): Cause {
  return cause(
    "The user pool does not use this one of Cognito's two issuer forms",
    `The token says ${quote(iss)}, but this form has no keys. Tokens of a pool have the form that the pool is set to (IssuerConfiguration). Sign in again if that was changed.`,
  )
}

function useIssuer(iss: string): string {
  return `Set "issuer" to ${quote(iss)}: it must be exactly the "iss" of the tokens.`
}

/** A preset writes the issuer as its tokens have it, with a slash or without. */
function slashOfPreset(iss: string, wanted: string): Cause | undefined {
  const isMissing = `${iss}/` === wanted
  if (!isMissing && `${wanted}/` !== iss) return undefined
  return cause(
    isMissing
      ? 'The slash at the end of the "iss" is missing'
      : 'There is a slash too many at the end of the "iss"',
    `The token says ${quote(iss)}. Tokens of ${quote(wanted)} have ${isMissing ? 'the' : 'no'} slash, so this one is not from there: get a new one, or, if a test makes it, write "iss" exactly so.`,
  )
}

function spelling(iss: string, wanted: string): Cause | undefined {
  if (`${wanted}/` === iss) {
    return cause('A slash is missing at the end of the issuer', useIssuer(iss))
  }
  if (`${iss}/` === wanted) {
    return cause('There is a slash too many at the end of the issuer', useIssuer(iss))
  }
  if (normalize(iss) !== normalize(wanted)) return undefined
  const [scheme, wantedScheme] = [iss, wanted].map((one) => one.slice(0, one.indexOf(':')))
  if (scheme !== wantedScheme) {
    return cause(
      `The issuer has ${scheme === 'http' ? 'http where https is' : 'https where http is'} configured`,
      `The token says ${quote(iss)}. ${scheme === 'http' ? 'The issuer does not know that it is behind a proxy with TLS: set its public address (Keycloak: KC_HOSTNAME, KC_PROXY_HEADERS), or' : 'Otherwise,'} set "issuer" to that.`,
    )
  }
  return cause(
    'The issuer is spelled in another way',
    `${useIssuer(iss)} Configured is ${quote(wanted)}: case, port and slashes count.`,
  )
}

function ofPools(pool: Pool | undefined, wanted: Pool | undefined): Cause | undefined {
  if (pool === undefined || wanted === undefined) return undefined
  if (pool.id === wanted.id) {
    return cause(
      "The token has the other one of Cognito's two issuer forms",
      `The token says ${quote(pool.issuer)}. cognito() accepts both forms, unless "issuer" is given: leave "issuer" out.`,
    )
  }
  const [region, wantedRegion] = [pool, wanted].map(({ id }) => id.slice(0, id.indexOf('_')))
  const advice = `Set "userPoolId" to ${quote(pool.id)}, or sign in at the pool ${quote(wanted.id)}.`
  return region === wantedRegion
    ? cause('The token is from another user pool', advice)
    : cause('The token is from a user pool in another Region', advice)
}

/** Addresses that only programs on this machine, or in its containers, have. */
const LOCAL =
  /^https?:\/\/(?:localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[\w.-]*localstack[\w.-]*)(?::\d+)?(?:\/|$)/

const isEmulator = (iss: string, wanted: string): boolean => LOCAL.test(iss) && !LOCAL.test(wanted)

/** An emulator of Cognito may have the ID of the real pool, which is not another name of the same issuer. */
function poolEmulator(iss: string, wanted: Profile): Cause | undefined {
  if (!isPool(wanted) || !isEmulator(iss, wanted.issuer)) return undefined
  return ofEmulator(
    iss,
    'give cognito() the options "issuer" and "jwksUri" of the emulator, or trust its issuer by itself',
  )
}

function emulator(iss: string, wanted: string): Cause | undefined {
  if (!isEmulator(iss, wanted)) return undefined
  return ofEmulator(iss, 'trust this issuer, too, with the "jwksUri" of the emulator')
}

function ofEmulator(iss: string, cure: string): Cause {
  return cause(
    'The token is from an emulator',
    `Its "iss" is ${quote(iss)}. To accept it in development, ${cure}. Never trust it in production: anybody can start one.`,
  )
}

const TENANT = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

/** Entra ID: two versions of the issuer, and one for each tenant. */
function ofMicrosoft(iss: string, wanted: string): Cause | undefined {
  if (!isMicrosoft(iss) || !isMicrosoft(wanted)) return undefined
  if (/\/(?:common|organizations|consumers)(?:\/|$)/.test(wanted)) {
    return cause(
      'The issuer is configured without a tenant',
      `Tokens have the ID of their tenant in "iss": ${quote(iss)}. "common" is only for sign-in. List the tenants, or find them with a function.`,
    )
  }
  const [tenant, wantedTenant] = [iss, wanted].map((one) => TENANT.exec(one)?.[0].toLowerCase())
  if (tenant !== wantedTenant) {
    return cause(
      'The token is from another tenant',
      `Its "iss" is ${quote(iss)}, and trusted is ${quote(wanted)}. Sign in at the right tenant, or trust this one, too.`,
    )
  }
  return otherVersion(
    `The token says ${quote(iss)}, and trusted is ${quote(wanted)}. Set "requestedAccessTokenVersion" in the manifest of the API's app registration (null and 1: sts.windows.net, 2: v2.0), or trust the issuer of the token.`,
  )
}

function otherVersion(advice: string): Cause {
  return cause('The token has the issuer of another version of Entra ID', advice)
}

/** An organization of Okta, whose own server issues access tokens for Okta alone. */
const OKTA = /^https:\/\/[\w.-]+\.okta(?:-emea|preview)?\.com$/

function ofOkta(iss: string, wanted: string): Cause | undefined {
  if (!OKTA.test(iss) || !wanted.startsWith(`${iss}/oauth2/`)) return undefined
  return cause(
    "The token is from the organization's own server of Okta",
    `Get the token at ${wanted}: access tokens of ${iss} are for Okta alone, and nobody else can verify them.`,
  )
}

function sameHost(iss: string, wanted: string): Cause | undefined {
  const [host, wantedHost] = [iss, wanted].map((one) => normalize(one).split('/')[0])
  if (host !== wantedHost) return undefined
  return cause(
    'The token is from another realm, tenant or authorization server of the same issuer',
    `The token says ${quote(iss)}, and trusted is ${quote(wanted)}: they differ in the path. ${useIssuer(iss)} Or get the token at the trusted one.`,
  )
}

function samePath(iss: string, wanted: string): Cause | undefined {
  const path = (one: string): string => normalize(one).replace(/^[^/]*/, '')
  if (path(iss) === '' || path(iss) !== path(wanted)) return undefined
  return cause(
    'The token has another host name of the same issuer',
    `The token says ${quote(iss)}, and trusted is ${quote(wanted)}: the issuer uses the name by which the client has reached it. Set "issuer" to the first one, and "jwksUri" to an address that this process can reach, or give the issuer one fixed name (Keycloak: KC_HOSTNAME).`,
  )
}
