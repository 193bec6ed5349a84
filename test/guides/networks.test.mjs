/**
 * docs/networks.md: a TLS server with a certificate of a private authority, and a proxy, both real and on loopback.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, globalAgent } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { writeBlocks } from './blocks.mjs'

const { folder } = writeBlocks('networks')
const load = (name) => import(pathToFileURL(`${folder}/${name}`).href)
const issuer = await createTestIssuer()
const temp = mkdtempSync(join(tmpdir(), 'jwt-gate-networks-'))
after(() => rmSync(temp, { recursive: true, force: true }))

/** A certificate authority, and certificates of it, as openssl makes them. */
function createCertificates() {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: temp, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const request = (name, ...rest) =>
    openssl('req', ...key, '-keyout', `${name}.key`, '-subj', `/CN=${name}`, ...rest)
  request('ca', '-x509', '-days', '2', '-out', 'ca.pem')
  request('server', '-new', '-out', 'server.csr')
  writeFileSync(join(temp, 'names'), 'subjectAltName=DNS:localhost,DNS:idp.corp.example\n')
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key'],
    ...['-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'server.pem'],
  )
}

createCertificates()
const read = (name) => readFileSync(join(temp, name))
const caFile = join(temp, 'ca.pem')
const closing = []
after(() => {
  for (const server of closing) {
    server.close()
    server.closeAllConnections()
  }
})

async function listen(server) {
  closing.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

/** The discovery document of whatever name it is asked for, and the keys. */
function toHandler(scheme) {
  return async (request, response) => {
    const origin = `${scheme}://${request.headers.host}`
    const keys = await (await issuer.fetch(issuer.jwksUri)).text()
    const isKeys = request.url === '/jwks'
    const isMetadata = request.url === '/.well-known/openid-configuration'
    response.statusCode = isKeys || isMetadata ? 200 : 404
    response.end(isKeys ? keys : JSON.stringify({ issuer: origin, jwks_uri: `${origin}/jwks` }))
  }
}

/** A proxy for CONNECT that leads every name to the TLS server, and remembers the names. It may want a password. */
async function startProxy(port, credentials) {
  const asked = []
  const server = createServer((_request, response) => response.writeHead(405).end())
  server.on('connect', (request, client, head) => {
    const { 'proxy-authorization': authorization } = request.headers
    if (credentials && authorization !== `Basic ${btoa(credentials)}`) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      return
    }
    asked.push(request.url)
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      client.pipe(upstream).pipe(client)
    })
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  })
  return { url: `http://127.0.0.1:${await listen(server)}`, asked }
}

const sign = (iss, aud = 'https://api.corp.example') =>
  issuer.token({ iss, aud, sub: 'alice', exp: Math.floor(Date.now() / 1000) + 3600 })

async function verify(verifier, ...about) {
  const { claims } = await verifier.verify(await sign(...about))
  return claims.sub
}

/** Runs a verifier without options in a process of its own. @returns `sub`, or the `causeCode` of the failure */
async function verifyInProcess(iss, env) {
  const code = `
    import { createVerifier } from 'jwt-gate'
    const [issuer, token] = process.argv.slice(1)
    const onEvent = ({ type, causeCode }) => type === 'jwks.failed' && console.log(causeCode)
    const verifier = createVerifier({ issuer, audience: 'https://api.corp.example' }, { onEvent })
    await verifier.verify(token).then(({ claims }) => console.log(claims.sub), () => undefined)`
  const args = ['--input-type=module', '-e', code, iss, await sign(iss)]
  const { NODE_TEST_CONTEXT, ...own } = process.env
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, env: { ...own, ...env } })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk
  })
  await once(child, 'close')
  return output.trim()
}

describe('networks.md', () => {
  let port
  let local
  let proxy
  before(async () => {
    const tls = { key: read('server.key'), cert: read('server.pem') }
    port = await listen(createTlsServer(tls, toHandler('https')))
    local = `https://localhost:${port}`
    proxy = await startProxy(port)
  })

  test('a certificate of a private authority is not trusted by itself', async () => {
    assert.equal(await verifyInProcess(local, {}), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('NODE_EXTRA_CA_CERTS makes Node trust it', async () => {
    assert.equal(await verifyInProcess(local, { NODE_EXTRA_CA_CERTS: caFile }), 'alice')
  })

  test('so does an agent, for one verifier alone', async () => {
    const { behindPrivateAuthority } = await load('authority.ts')
    assert.equal(await verify(behindPrivateAuthority(local, caFile), local), 'alice')
    const other = createVerifier({ issuer: local, audience: 'https://api.corp.example' })
    await assert.rejects(verify(other, local), { reason: 'network' })
  })

  test('the name must be in the certificate', async () => {
    const iss = `https://127.0.0.1:${port}`
    const code = await verifyInProcess(iss, { NODE_EXTRA_CA_CERTS: caFile })
    assert.equal(code, 'ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('HTTPS_PROXY alone does nothing', async () => {
    const { length } = proxy.asked
    const env = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NODE_EXTRA_CA_CERTS: caFile }
    assert.equal(await verifyInProcess(local, env), 'alice')
    assert.equal(proxy.asked.length, length)
  })

  const isSince24 = Number(process.versions.node.split('.')[0]) >= 24
  test('NODE_USE_ENV_PROXY=1 makes Node 24 use it', { skip: !isSince24 }, async () => {
    const env = { HTTPS_PROXY: proxy.url, NODE_USE_ENV_PROXY: '1', NODE_EXTRA_CA_CERTS: caFile }
    const { length } = proxy.asked
    assert.equal(await verifyInProcess('https://idp.corp.example', env), 'alice')
    assert.ok(proxy.asked.length > length)
  })

  for (const file of ['proxy-agent.ts', 'proxy-fetch.ts']) {
    test(`${file}: the keys come through the proxy, which resolves the name`, async () => {
      const { behindProxy } = await load(file)
      const { length } = proxy.asked
      const iss = 'https://idp.corp.example'
      assert.equal(await verify(behindProxy(iss, proxy.url, read('ca.pem')), iss), 'alice')
      const asked = proxy.asked.slice(length)
      assert.ok(asked.length >= 1)
      assert.deepEqual([...new Set(asked)], ['idp.corp.example:443'])
    })

    test(`${file}: the password of a proxy is in its URL`, async () => {
      const { behindProxy } = await load(file)
      const strict = await startProxy(port, 'user:password')
      const iss = 'https://idp.corp.example'
      const ca = read('ca.pem')
      const reason = file === 'proxy-agent.ts' ? 'status' : 'network'
      await assert.rejects(verify(behindProxy(iss, strict.url, ca), iss), { reason })
      const url = strict.url.replace('//', '//user:password@')
      assert.equal(await verify(behindProxy(iss, url, ca), iss), 'alice')
    })

    test(`${file}: the certificate is checked inside the tunnel`, async () => {
      const { behindProxy } = await load(file)
      const iss = 'https://idp.corp.example'
      await assert.rejects(verify(behindProxy(iss, proxy.url), iss), { reason: 'network' })
    })
  }

  test('an agent beside a fetch is a mistake', () => {
    assert.throws(
      () =>
        createVerifier({ issuer: local, audience: 'a' }, { fetch, jwks: { agent: globalAgent } }),
      /"jwks.agent" has no effect with "fetch"/,
    )
  })

  describe('without TLS', () => {
    let plain
    before(async () => {
      plain = await listen(createServer(toHandler('http')))
      // the name of a container
      globalAgent.options.lookup = (_name, options, callback) =>
        options.all
          ? callback(null, [{ address: '127.0.0.1', family: 4 }])
          : callback(null, '127.0.0.1', 4)
    })
    after(() => {
      delete globalAgent.options.lookup
    })

    test('keys come from a host of insecureHosts', async () => {
      const { inCluster } = await load('cluster.ts')
      const iss = `http://keycloak:${plain}`
      assert.equal(await verify(inCluster(iss), iss, 'https://api.example.com'), 'alice')
    })

    test('any other host needs https', async () => {
      const { inCluster } = await load('cluster.ts')
      assert.throws(() => inCluster(`http://other:${plain}`), { code: 'ERR_CONFIG_INVALID' })
    })

    test('an issuer may have its keys at another address', async () => {
      const { inContainer } = await load('two-addresses.ts')
      const verifier = inContainer(`http://keycloak:${plain}/jwks`)
      const iss = 'https://login.example.com/realms/shop'
      assert.equal(await verify(verifier, iss, 'https://api.example.com'), 'alice')
    })
  })
})
