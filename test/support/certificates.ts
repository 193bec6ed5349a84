/**
 * Real certificates, made by the command `openssl`: Node cannot make any.
 */
import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  /** PEM. */
  readonly cert: string
  readonly raw: Uint8Array
  /** The thumbprint, as in `cnf` (RFC 8705 s3.1). */
  readonly x5t: string
}

/** Whether certificates can be made on this machine. */
export const HAS_OPENSSL = canRun()

function canRun(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Makes a self-signed certificate with a key of its own. */
export function createCertificate(name: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'jwt-gate-certificate-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  try {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
    execFileSync(
      'openssl',
      ['req', '-x509', ...curve, '-days', '2', ...names, '-keyout', keyFile, '-out', certFile],
      { stdio: 'ignore' },
    )
    const cert = readFileSync(certFile, 'utf8')
    const { raw } = new X509Certificate(cert)
    const x5t = createHash('sha256').update(raw).digest('base64url')
    return { key: readFileSync(keyFile, 'utf8'), cert, raw, x5t }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
