/**
 * A test issuer that behaves like an Amazon Cognito user pool: its tokens have exactly the claims of Cognito's tokens, and each
 * of its two RSA keys signs one kind of token.
 */
import { Buffer } from 'node:buffer'
import type { Server } from 'node:http'
import { readChoice, readOptions } from '../verify/adapter-kit.ts'
import type { Algorithm, JSONWebKeySet } from '../verify/index.ts'
import {
  type TestClaims,
  type TestClaimsSource,
  toAccessClaims,
  toIdClaims,
  toMachineClaims,
} from './cognito-test-claims.ts'
import {
  createFetch,
  type IssuerAnswer,
  originOf,
  startServer,
  stopServer,
} from './issuer-server.ts'
import { createTestKey, signWith, type TestKey } from './test-key.ts'

/** The options of `createTestIssuer`. */
export interface TestIssuerOptions {
  /** The clock, in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: () => number
  /** Algorithms of additional keys, besides the two RS256 keys. @defaultValue none */
  readonly algorithms?: readonly Algorithm[]
  /** The ID of the user pool, to distinguish several issuers. @defaultValue `'eu-west-1_TestPool1'` */
  readonly userPoolId?: string
}

/** The options of `token`, for tokens that a real issuer would not create. */
export interface TestTokenOptions {
  /** Header members to add or replace, or (with `undefined`) to omit. @defaultValue `kid` and `alg` of the key */
  readonly header?: Readonly<Record<string, unknown>>
  /** The signing key. @defaultValue the key that signs access tokens */
  readonly key?: TestKey
  /** Returns the third segment: bytes are base64url-encoded, a string is used as it is. @defaultValue a signature by `key` */
  readonly sign?: SignToken
}

type SignToken = (
  signingInput: string,
  key: TestKey,
) => Uint8Array | string | Promise<Uint8Array | string>

/** The ways in which the issuer's endpoints can fail. */
export type TestFailure = 'down' | 'slow' | 'garbage' | 'empty'

const FAILURES: readonly (TestFailure | null)[] = ['down', 'slow', 'garbage', 'empty', null]

/**
 * Creates a test issuer with new keys.
 *
 * @example
 * ```ts
 * const issuer = await createTestIssuer()
 * const { userPoolId, clientId } = issuer
 * const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
 * const verifier = createVerifier(trusted, { fetch: issuer.fetch })
 * await verifier.verify(await issuer.accessToken())
 * ```
 * @param options - the clock, the algorithms and the user pool
 * @returns the issuer, which listens on no port until `listen()` is called
 */
export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const own = readOptions('options', options, { now: true, algorithms: true, userPoolId: true })
  const { now = Date.now, algorithms = [], userPoolId = 'eu-west-1_TestPool1' } = own
  const keys = await Promise.all((['RS256', 'RS256', ...algorithms] as const).map(createTestKey))
  return new TestIssuer(userPoolId, now, keys)
}

/** A test issuer. Its functions do not depend on `this`. */
export class TestIssuer {
  /** The ID of the user pool. */
  readonly userPoolId: string
  /** The ID of the app client that its tokens are issued to. */
  readonly clientId: string = '1example23456789testclient'
  /** Serves the issuer's own URLs, and rejects for all others. For the `fetch` option of a verifier. */
  readonly fetch: typeof globalThis.fetch
  readonly #now: () => number
  #keys: readonly TestKey[]
  #failure: TestFailure | null = null
  #requests = 0
  #server: Server | undefined

  constructor(userPoolId: string, now: () => number, keys: readonly TestKey[]) {
    this.userPoolId = userPoolId
    this.#now = now
    this.#keys = keys
    this.fetch = createFetch(this.#answer)
  }

  /** The `iss` of its tokens: Cognito's issuer URL, or a loopback URL after `listen()`. */
  get issuer(): string {
    const origin = this.#server
      ? originOf(this.#server)
      : 'https://cognito-idp.eu-west-1.amazonaws.com'
    return `${origin}/${this.userPoolId}`
  }

  /** The URL of its key set. */
  get jwksUri(): string {
    return `${this.issuer}/.well-known/jwks.json`
  }

  /** The key set: its public keys (RFC 7517 s5). */
  get jwks(): JSONWebKeySet {
    return { keys: this.#keys.map((key) => key.jwk) }
  }

  /** The key pairs: for access tokens, for ID tokens, then one for each of `algorithms`. */
  get keys(): readonly TestKey[] {
    return this.#keys
  }

  /** The number of received requests, including failed ones. */
  get requests(): number {
    return this.#requests
  }

  /** Returns the first key of an algorithm. @throws `Error` if there is none */
  readonly keyFor = (alg: Algorithm): TestKey => {
    const key = this.#keys.find((one) => one.alg === alg)
    if (key) return key
    throw new Error(`This issuer has no ${alg} key: add it to "algorithms"`)
  }

  /** Creates an access token of a user. @param claims - claims to add or replace, or (with `undefined`) to omit */
  readonly accessToken = (claims?: TestClaims): Promise<string> =>
    this.token({ ...toAccessClaims(this.#source()), ...claims })

  /** Creates an ID token of the same user, signed with the second key. @param claims - as for `accessToken` */
  readonly idToken = (claims?: TestClaims): Promise<string> =>
    this.token({ ...toIdClaims(this.#source()), ...claims }, { key: this.#keys[1] as TestKey })

  /** Creates an access token of the client credentials grant. @param claims - as for `accessToken` */
  readonly machineToken = (claims?: TestClaims): Promise<string> =>
    this.token({ ...toMachineClaims(this.#source()), ...claims })

  /**
   * Creates any token, valid or not.
   * @param claims - all claims of the payload; a string is used as the raw text of the payload
   * @param options - the header, the key and the signature
   */
  readonly token = async (
    claims: TestClaims | string,
    options: TestTokenOptions = {},
  ): Promise<string> => {
    const own = readOptions('options', options, { header: true, key: true, sign: true })
    const key = own.key ?? (this.#keys[0] as TestKey)
    const sign: SignToken = own.sign ?? signWith
    const header = JSON.stringify({ kid: key.kid, alg: key.alg, ...own.header })
    const payload = typeof claims === 'string' ? claims : JSON.stringify(claims)
    const signingInput = `${encode(header)}.${encode(payload)}`
    const signature = await sign(signingInput, key)
    return `${signingInput}.${typeof signature === 'string' ? signature : encode(signature)}`
  }

  /** Replaces all keys with new ones. */
  readonly rotateKeys = async (): Promise<void> => {
    this.#keys = await Promise.all(this.#keys.map((key) => createTestKey(key.alg)))
  }

  /**
   * Makes its endpoints fail: `'down'` closes connections, `'slow'` never responds, `'garbage'` returns HTML, `'empty'` returns a
   * key set without keys. `null` makes them work again.
   */
  readonly fail = (failure: TestFailure | null): void => {
    this.#failure = readChoice('failure', failure, FAILURES) ?? null
  }

  /**
   * Starts a real server on 127.0.0.1, and moves `issuer` and `jwksUri` there. The server also has an `/oauth2/token` endpoint
   * for the client credentials grant (RFC 6749 s4.4). For tests in other languages, it takes two more parameters: `token_use`
   * (`access` or `id`) for a token of the user, and `claims`, a JSON object of claims to add or replace.
   * @param port - @defaultValue a free port
   * @returns the origin of the server
   * @throws `Error` if the issuer is already listening, or the port is in use
   */
  readonly listen = async (port = 0): Promise<string> => {
    if (this.#server) throw new Error('This issuer is already listening')
    this.#server = await startServer(this.#answer, port)
    return originOf(this.#server)
  }

  /** Stops the server, if it is running. */
  readonly close = async (): Promise<void> => {
    const server = this.#server
    this.#server = undefined
    if (server) await stopServer(server)
  }

  #source(): TestClaimsSource {
    const { issuer, clientId } = this
    return { issuer, clientId, nowSeconds: Math.floor(this.#now() / 1_000) }
  }

  readonly #answer = async (method: string, url: URL, body: string): Promise<IssuerAnswer> => {
    this.#requests++
    if (this.#failure === 'down' || this.#failure === 'slow') return this.#failure
    if (this.#failure === 'garbage') {
      return { status: 200, contentType: 'text/html', body: '<!doctype html><p>Sign in</p>' }
    }
    const { origin } = new URL(this.issuer)
    switch (`${method} ${url.href}`) {
      case `GET ${this.jwksUri}`:
        return json(200, this.#failure === 'empty' ? { keys: [] } : this.jwks)
      case `GET ${this.issuer}/.well-known/openid-configuration`:
        return json(200, this.#metadata(origin))
      case `POST ${origin}/oauth2/token`:
        return this.#answerTokenRequest(new URLSearchParams(body))
      default:
        return url.origin === origin ? json(404, { message: 'Not Found' }) : 'down'
    }
  }

  #metadata(origin: string): object {
    return {
      issuer: this.issuer,
      jwks_uri: this.jwksUri,
      token_endpoint: `${origin}/oauth2/token`,
      response_types_supported: ['code', 'token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  async #answerTokenRequest(form: URLSearchParams): Promise<IssuerAnswer> {
    if (form.get('grant_type') !== 'client_credentials') {
      return json(400, { error: 'unsupported_grant_type' })
    }
    const claims = readClaims(form.get('claims'))
    if (claims === undefined) return json(400, { error: 'invalid_request' })
    const granted = { expires_in: 3_600, token_type: 'Bearer' }
    switch (form.get('token_use')) {
      case null:
        return json(200, { access_token: await this.machineToken(claims), ...granted })
      case 'access':
        return json(200, { access_token: await this.accessToken(claims), ...granted })
      case 'id':
        return json(200, { id_token: await this.idToken(claims), ...granted })
      default:
        return json(400, { error: 'invalid_request' })
    }
  }
}

/** The claims of a token request, as JSON; `undefined` if they are no JSON object. */
function readClaims(text: string | null): TestClaims | undefined {
  if (text === null) return {}
  try {
    const claims: unknown = JSON.parse(text)
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    return isObject ? (claims as TestClaims) : undefined
  } catch {
    // not JSON
  }
  return undefined
}

function encode(part: string | Uint8Array): string {
  return Buffer.from(part as string).toString('base64url')
}

function json(status: number, body: object): IssuerAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}
