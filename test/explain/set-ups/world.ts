/**
 * What the broken set-ups have in common: a user pool, another issuer, and real servers on loopback that fail in various ways.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  type AccessRule,
  type Algorithm,
  type CognitoOptions,
  cognito,
  type JwtGateErrorCode,
  type Trusted,
  type TrustedIssuer,
  type VerifierOptions,
} from 'jwt-gate'
import { createTestIssuer, type TestIssuer, type TestTokenOptions } from 'jwt-gate/testing'

/** What a developer has configured, and what was sent. */
export interface Attempt {
  readonly trusted: Trusted
  readonly options?: VerifierOptions<unknown>
  /** The rule that the token must meet. */
  readonly access?: AccessRule
  /** A string, except where the mistake is that it is none. */
  readonly token: unknown
}

/** A mistake, and its cure. */
export interface SetUp {
  readonly name: string
  /** The code of the error. */
  readonly code: JwtGateErrorCode
  /** The title of the first cause. */
  readonly cause: string
  /** What the advice of the first cause must say. */
  readonly advice: string | RegExp
  readonly broken: Attempt
  /** The same after the advice was followed: the token is accepted. */
  readonly cured: Attempt
}

/** Claims, and how the token is signed. */
type Claims = Readonly<Record<string, unknown>>

export const ISSUER = 'https://idp.example.com'
export const AUDIENCE = 'https://api.example.com'
export const OTHER_POOL = 'eu-west-1_OtherPool'

/** An origin on which nothing listens. A port that was just released could be that of the next server of another process. */
export const NOTHING = 'http://127.0.0.1:1'

export type World = Awaited<ReturnType<typeof createWorld>>

/** All time is real: the set-ups also go through programs. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000)
}

/** @returns issuers and servers; `close()` stops the servers */
export async function createWorld() {
  const algorithms: Algorithm[] = ['ES256']
  const pool = await createTestIssuer({ algorithms })
  const stranger = await createTestIssuer()
  const servers: (Server | SecureServer)[] = []
  return {
    /** A Cognito user pool. */
    pool,
    /** An issuer with other keys. */
    stranger,
    /** What `cognito()` returns for the pool, whose keys are given. */
    trustPool: (options: Partial<CognitoOptions> = {}) => trustPool(pool, options),
    /** An issuer as of OpenID Connect, with the keys of the pool. */
    trust: (options: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
      issuer: ISSUER,
      audience: AUDIENCE,
      ...('jwksUri' in options ? {} : { jwks: pool.jwks }),
      ...options,
    }),
    /** A token of that issuer. */
    token: (claims: Claims = {}, options: TestTokenOptions = {}): Promise<string> => {
      const iat = nowSeconds()
      const usual = { iss: ISSUER, aud: AUDIENCE, sub: 'alice', iat, exp: iat + 600 }
      return pool.token({ ...usual, ...claims }, options)
    },
    /** Starts a server, and returns its origin. */
    serve: async (listener: RequestListener): Promise<string> => {
      const server = createServer(listener)
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    /** Stops a server at the end. */
    onClose: (server: SecureServer): void => void servers.push(server),
    close: (): void => {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

function trustPool(
  { userPoolId, clientId, jwks }: TestIssuer,
  options: Partial<CognitoOptions>,
): Trusted {
  return cognito({ userPoolId, clientId, tokenUse: 'access', jwks, ...options })
}
