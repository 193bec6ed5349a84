/**
 * A JWKS endpoint over https on loopback. Its certificate is created for this run. Processes trust it through
 * `NODE_EXTRA_CA_CERTS`.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'

export async function serveKeysOverTls(folder, jwks) {
  const { keyFile, certificateFile } = createCertificate(folder)
  const options = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) }
  const body = JSON.stringify(jwks)
  const server = createServer(options, (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    jwksUri: `https://127.0.0.1:${server.address().port}/.well-known/jwks.json`,
    certificateFile,
    close: () => server.close().closeAllConnections(),
  }
}

/** Node cannot sign certificates. */
function createCertificate(folder) {
  const keyFile = join(folder, 'key.pem')
  const certificateFile = join(folder, 'certificate.pem')
  const options = [
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile],
    ...['-x509', '-days', '1', '-subj', '/CN=127.0.0.1', '-out', certificateFile],
    ...['-addext', 'subjectAltName=IP:127.0.0.1'],
  ]
  execFileSync('openssl', ['req', ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  return { keyFile, certificateFile }
}
