/**
 * The keys of a remote issuer must not make the verifier connect to this machine or to a private network, however the address is
 * written (RFC 8725 s3.10 of its update; CWE-918). An address in the configuration has one spelling.
 */
import { Agent, createServer } from 'node:http'
import https from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { createVerifier, type JwksOptions } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Cancellation } from '../../src/verify/http/cancellation.ts'
import { createHttpGet, type HttpGet } from '../../src/verify/http/http-get.ts'
import { networkOf } from '../../src/verify/http/network.ts'
import { fetchJwks } from '../../src/verify/jwks/fetch-jwks.ts'
import { ACCEPTED, claimsOf, now, sayOf } from './setup.ts'

const issuer = await createTestIssuer({ now })

/** The outcome for a token of an issuer whose discovery document has this `jwks_uri`, and how often the keys were requested. */
async function discover(iss: string, jwksUri: string, jwks: JwksOptions = {}) {
  const asked: string[] = []
  const verifier = createVerifier(
    { issuer: iss, audience: 'api' },
    {
      ...{ now, jwks },
      fetch: async (input) => {
        const url = String(input)
        const isDocument = url.includes('/.well-known/')
        if (!isDocument) asked.push(url)
        return Response.json(isDocument ? { issuer: iss, jwks_uri: jwksUri } : issuer.jwks)
      },
    },
  )
  const token = await issuer.token({ ...claimsOf(issuer), iss })
  return { said: await sayOf(() => verifier.verify(token)), asked: asked.length }
}

const MACHINE = [
  'localhost',
  'localhost.',
  'a.b.localhost',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0.0.0.0]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[2002:7f00:1::]',
]
const PRIVATE = [
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fec0::1]',
  '[::ffff:10.0.0.1]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b:1::1]',
  '[2002:a00:1::]',
]
/** Addresses of the metadata services of clouds, which hand out credentials. */
const LINK = ['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]', '[::ffff:0:a9fe:a9fe]']
const RESERVED = [
  '192.0.0.192',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.9',
  '192.0.2.1',
  '192.88.99.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[ff02::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[100::1]',
  '[3fff::1]',
]
const PUBLIC = [
  '93.184.215.14',
  '9.255.255.255',
  '11.0.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '223.255.255.255',
  '[2606:4700::1111]',
  '[2a00:1450:4001::200e]',
  '[::ffff:93.184.215.14]',
  '[64:ff9b::93.184.215.14]',
  '[2002:5db8:d70e::]',
  '192.88.98.255',
  '192.88.100.0',
]
/** A host as the URL parser normalizes it. */
const written = (host: string) => new URL(`https://${host}`).hostname

describe('the discovery document of an issuer on the internet', () => {
  test.each([...MACHINE, ...PRIVATE, ...LINK, ...RESERVED])('cannot point to %s', async (host) => {
    const said = { said: 'ERR_JWKS_INVALID invalid', asked: 0 }

    expect(await discover('https://idp.example', `https://${host}/jwks`)).toEqual(said)
    expect(await discover('https://idp.example', `https://${written(host)}/jwks`)).toEqual(said)
    expect(await discover('https://1.1.1.1', `https://${written(host)}:8443/jwks`)).toEqual(said)
  })

  test.each(PUBLIC)('may point to %s', async (host) => {
    const found = await discover('https://idp.example', `https://${written(host)}/jwks`)

    expect(found).toEqual({ said: ACCEPTED, asked: 1 })
  })
})

test.each<[string, string]>([
  ['http://localhost:8080', 'http://127.0.0.1:8080/jwks'],
  ['http://127.0.0.1:8080', 'http://[::1]:8080/jwks'],
  ['http://a.localhost', 'http://localhost/jwks'],
  ['https://10.0.0.1', 'https://192.168.0.1/jwks'],
  ['https://[fd00::1]', 'https://10.1.2.3/jwks'],
  ['https://10.0.0.1', 'https://10.0.0.1/jwks'],
])('an issuer at %s may have its keys at %s, on its own network', async (iss, jwksUri) => {
  expect(await discover(iss, jwksUri)).toEqual({ said: ACCEPTED, asked: 1 })
})

test.each<[string, string]>([
  ['https://10.0.0.1', 'https://127.0.0.1/jwks'],
  ['http://127.0.0.1', 'https://10.0.0.1/jwks'],
  ['https://10.0.0.1', 'https://169.254.169.254/jwks'],
  ['https://10.0.0.1', 'https://255.255.255.255/jwks'],
])('an issuer at %s cannot have its keys at %s, on another network', async (iss, jwksUri) => {
  expect(await discover(iss, jwksUri)).toEqual({ said: 'ERR_JWKS_INVALID invalid', asked: 0 })
})

test('a discovery document may point to a host in "jwks.insecureHosts", also over plain http', async () => {
  const insecureHosts = ['keycloak', '10.0.0.7']

  for (const host of insecureHosts) {
    const found = await discover('https://idp.example', `http://${host}:8080/jwks`, {
      insecureHosts,
    })
    expect(found).toEqual({ said: ACCEPTED, asked: 1 })
  }
  const other = await discover('https://idp.example', 'http://keycloak2:8080/jwks', {
    insecureHosts,
  })
  expect(other).toEqual({ said: 'ERR_JWKS_INVALID invalid', asked: 0 })
})

test.each([
  ['machine', MACHINE],
  ['private', PRIVATE],
  ['link', LINK],
  ['reserved', RESERVED],
  ['public', PUBLIC],
] as const)('networkOf() knows the network of each address: %s', (network, hosts) => {
  expect(hosts.map((host) => networkOf(written(host)))).toEqual(hosts.map(() => network))
})

test.each<[string, string | undefined]>([
  ['idp.example', undefined],
  ['localhost.example', undefined],
  ['notlocalhost', undefined],
  ['fe80::1%eth0', 'link'],
  ['::1', 'machine'],
  ['::FFFF:127.0.0.1', 'machine'],
])('networkOf() of %s, as a resolver may return it, is %s', (host, network) => {
  expect(networkOf(host)).toBe(network)
})

describe('a host name that resolves', () => {
  type Addresses = { address: string; family: number }[]
  /** A server that counts its connections, a resolver that returns these addresses, and the outcome of a fetch. */
  async function resolveTo(...addresses: string[]) {
    const connections: unknown[] = []
    const server = createServer().on('connection', (socket) => {
      connections.push(socket)
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const lookup = (_name: string, _options: object, done: (error: null, all: Addresses) => void) =>
      done(null, found)
    const real = createHttpGet(undefined, lookup as never)
    const fetchFrom = (address: string | undefined, agent?: Agent) => {
      const document = {
        issuer: 'https://idp.example',
        jwks_uri: `https://keys.example:${port}/jwks`,
      }
      const body = JSON.stringify(document)
      const get: HttpGet = async (url, limits) => {
        const isDocument = url.hostname === 'idp.example'
        if (isDocument) return { status: 200, body, address, cacheControl: undefined }
        return agent ? createHttpGet(agent)(url, limits) : real(url, limits)
      }
      const source = {
        ...{ issuer: 'https://idp.example', jwksUris: [], insecureHosts: new Set<string>() },
        ...{ get, timeoutMs: 2_000, maxBytes: 1_000, maxKeys: 10 },
      }
      const how = { cancellation: new Cancellation(), retry: true }
      return sayOf(() => fetchJwks(source, how))
    }
    return { connections, fetchFrom }
  }

  test.each([
    ['to this machine', ['127.0.0.1']],
    ['to a private network', ['10.0.0.1']],
    ['to a public address and to this machine', ['93.184.215.14', '127.0.0.1']],
    ['to an IPv4-mapped address', ['::ffff:127.0.0.1']],
  ])('%s gets no connection', async (_name, addresses) => {
    const { connections, fetchFrom } = await resolveTo(...addresses)

    expect(await fetchFrom('93.184.215.14')).toBe('ERR_JWKS_INVALID invalid')
    expect(await fetchFrom(undefined)).toBe('ERR_JWKS_INVALID invalid')
    expect(connections).toEqual([])
  })

  test('to the network that the discovery document came from gets a connection', async () => {
    const { connections, fetchFrom } = await resolveTo('127.0.0.1')

    // the server does not speak TLS
    expect(await fetchFrom('127.0.0.1')).toBe('ERR_JWKS_UNAVAILABLE network')
    expect(connections.length).toBeGreaterThan(0)
  })
})

/**
 * Fetches in the default way, with something set on Node's global agent until the test ends. Returns the outcome and the
 * connections.
 */
async function getBy(
  set: (port: number) => { options?: object; own?: object },
  network = 'public',
) {
  const connections: unknown[] = []
  const server = createServer().on('connection', (socket) => {
    connections.push(socket)
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { globalAgent } = https
  const all = (globalAgent as Agent & { options: Record<string, unknown> }).options
  const { options = {}, own = {} } = set(port)
  Object.assign(all, options)
  Object.assign(globalAgent, own)
  onTestFinished(() => {
    for (const name of Object.keys(options)) delete all[name]
    for (const name of Object.keys(own)) Reflect.deleteProperty(globalAgent, name)
    server.close()
  })
  const limits = {
    ...{ cancellation: new Cancellation(), maxBytes: 1_000 },
    isAllowed: (address: string) => networkOf(address) === network,
  }
  const url = new URL(`https://keys.example:${port}/jwks`)
  return { said: await sayOf(() => createHttpGet()(url, limits)), connections }
}

describe("a DNS lookup function that the application has set on Node's global agent", () => {
  type Done = (error: null, found: unknown, family?: number) => void

  test.each<[string, (name: string, options: { all?: boolean }, done: Done) => void]>([
    [
      'returns a list of addresses',
      (_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    ],
    ['returns one address', (_, __, done) => done(null, '127.0.0.1', 4)],
    [
      'returns a public address first',
      (_, __, done) =>
        done(null, [
          { address: '93.184.215.14', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    ],
  ])('is called, and its result is checked, if it %s', async (_name, lookup) => {
    const { said, connections } = await getBy(() => ({ options: { lookup } }))

    expect(said).toBe('ERR_JWKS_INVALID invalid')
    expect(connections).toEqual([])
  })

  test.each([true, false])('may return an allowed address, called with all: %s', async (all) => {
    const lookup = (_name: string, _how: object, done: Done) => done(null, '127.0.0.1', 4)
    const options = { lookup, autoSelectFamily: all }
    const { said, connections } = await getBy(() => ({ options }), 'machine')

    // the server does not speak TLS
    expect(said).toBe('ECONNRESET')
    expect(connections).toHaveLength(1)
  })
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no address', []],
])(
  'a lookup function of the application that returns %s causes an outage, not a crash',
  async (_, found) => {
    const lookup = (_name: string, _how: object, done: (error: null, all: unknown) => void) =>
      setImmediate(done, null, found)

    const { said, connections } = await getBy(() => ({ options: { lookup } }))

    expect(said).toBe('Error: The host has no address')
    expect(connections).toEqual([])
  },
)

test("a createConnection that the application has set on Node's global agent is used", async () => {
  const { connections } = await getBy((port) => ({
    own: { createConnection: () => connect(port, '127.0.0.1') },
  }))

  expect(connections.length).toBeGreaterThan(0)
})

describe('the configuration', () => {
  const REFUSED = { code: 'ERR_CONFIG_INVALID' }

  test.each([
    'https://IDP.example/jwks',
    'https://idp.example:443/jwks',
    'https://idp.example\\jwks',
    'https://idp.example/a/../jwks',
    'https://idp.example/ jwks',
    ' https://idp.example/jwks',
    'https://idp.example/jwks\n',
    'https://%69dp.example/jwks',
    'https://0x7f.1/jwks',
    'https://\u0456dp.example/jwks',
  ])('rejects the "jwksUri" %j and shows the normalized URL', (jwksUri) => {
    const make = () => createVerifier({ issuer: 'https://idp.example', audience: 'api', jwksUri })

    expect(make).toThrow(expect.objectContaining(REFUSED))
    expect(make).toThrow(`"jwksUri" must be a URL in canonical form: ${new URL(jwksUri).href}`)
  })

  test.each(['https://IDP.example', 'https://idp.example:443', 'https://idp.example/a/./b'])(
    'rejects the "issuer" %s if its keys have to be discovered',
    (iss) => {
      const make = () => createVerifier({ issuer: iss, audience: 'api' })

      expect(make).toThrow('"issuer" must be a URL in canonical form')
      expect(() =>
        createVerifier({ issuer: iss, audience: 'api', jwks: issuer.jwks }),
      ).not.toThrow()
    },
  )

  test.each(['https://idp.example', 'https://idp.example/', 'https://idp.example/a?b=c'])(
    'accepts the "jwksUri" %s',
    (jwksUri) => {
      const make = () => createVerifier({ issuer: 'https://idp.example', audience: 'api', jwksUri })

      expect(make).not.toThrow()
    },
  )

  test.each<[string, JwksOptions, string]>([
    ['a host with a port', { insecureHosts: ['keycloak:8080'] }, '"jwks.insecureHosts"'],
    ['a host with a scheme', { insecureHosts: ['http://keycloak'] }, '"jwks.insecureHosts"'],
    ['a host in capitals', { insecureHosts: ['Keycloak'] }, '"jwks.insecureHosts"'],
    ['a wildcard', { insecureHosts: ['*'] }, '"jwks.insecureHosts"'],
    ['an abbreviated IPv4 address', { insecureHosts: ['127.1'] }, '"jwks.insecureHosts"'],
    ['an address in hexadecimal', { insecureHosts: ['0x7f000001'] }, '"jwks.insecureHosts"'],
    ['an address as one number', { insecureHosts: ['2130706433'] }, '"jwks.insecureHosts"'],
    ['null instead of a list', { insecureHosts: null as never }, '"jwks.insecureHosts"'],
    ['an empty string instead of a list', { insecureHosts: '' as never }, '"jwks.insecureHosts"'],
    ['an empty host name', { insecureHosts: [''] }, '"jwks.insecureHosts"'],
    ['an object that is no agent', { agent: {} as never }, '"jwks.agent"'],
    ['null instead of an agent', { agent: null as never }, '"jwks.agent"'],
  ])('rejects %s and names the option', (_name, jwks, named) => {
    const make = () => createVerifier({ issuer: 'https://idp.example', audience: 'api' }, { jwks })

    expect(make).toThrow(expect.objectContaining(REFUSED))
    expect(make).toThrow(named)
  })

  test('accepts an empty "jwks.insecureHosts"', () => {
    const make = (insecureHosts: string[], jwksUri: string) => () =>
      createVerifier(
        { issuer: 'https://idp.example', audience: 'api', jwksUri },
        { jwks: { insecureHosts } },
      )

    expect(make([], 'https://idp.example/jwks')).not.toThrow()
    expect(make([], 'http://idp.example/jwks')).toThrow('"jwksUri"')
  })

  test('does not reveal the query of a URL in the message', () => {
    const jwksUri = 'https://IDP.example/jwks?code=secret'
    const make = () => createVerifier({ issuer: 'https://idp.example', audience: 'api', jwksUri })

    expect(make).toThrow('https://idp.example/jwks?…')
    expect(make).not.toThrow('secret')
  })

  test('rejects "jwks.agent" together with a custom fetch', () => {
    const options = { jwks: { agent: new Agent() }, fetch: issuer.fetch }

    expect(() =>
      createVerifier({ issuer: 'https://idp.example', audience: 'api' }, options),
    ).toThrow('"jwks.agent" has no effect')
  })

  test('names the option that allows plain http in the message', () => {
    const plain = 'http://keycloak:8080/realms/a'
    const make = (jwks: JwksOptions, jwksUri?: string) => () =>
      createVerifier({ issuer: plain, audience: 'api', jwksUri }, { jwks })

    expect(make({})).toThrow(/^"issuer" .* "jwks.insecureHosts"/)
    expect(make({}, `${plain}/certs`)).toThrow(/^"jwksUri" .* "jwks.insecureHosts"/)
    expect(make({ insecureHosts: ['keycloak'] })).not.toThrow()
    expect(make({ insecureHosts: ['keycloak'] }, `${plain}/certs`)).not.toThrow()
    expect(make({ insecureHosts: ['keycloak.example'] })).toThrow()
  })
})

test('a custom agent decides where it connects, such as to http hosts in a cluster', async () => {
  const home = await createTestIssuer({ now })
  const served: string[] = []
  const server = createServer((req, res) => {
    served.push(`${req.headers.host}${req.url}`)
    const document = { issuer: 'http://keycloak:8080', jwks_uri: 'http://keys:8080/jwks' }
    res.end(JSON.stringify(req.url === '/jwks' ? home.jwks : document))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const agent = new Agent()
  Object.assign(agent, { createConnection: () => connect(port, '127.0.0.1') })
  const verifier = createVerifier(
    { issuer: 'http://keycloak:8080', audience: 'api' },
    { now, jwks: { agent, insecureHosts: ['keycloak', 'keys'] } },
  )

  const token = await home.token({ ...claimsOf(home), iss: 'http://keycloak:8080' })

  expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)
  expect(served).toEqual(['keycloak:8080/.well-known/openid-configuration', 'keys:8080/jwks'])
})
