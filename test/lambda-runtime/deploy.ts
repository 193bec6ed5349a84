/**
 * The zip of the standalone authorizer, deployed for a test issuer whose keys are on a real server.
 */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import type { TestIssuer } from 'jwt-gate/testing'
import { type KeyServer, type Serve, startKeyServer } from '../verify/support/key-server.ts'
import { type Deployment, type Lambda, startLambda } from './lambda.ts'

const BUILD = resolve(import.meta.dirname, '../../scripts/build-lambda.mjs')

/** Builds the zip. Returns its path. */
export async function buildZip(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const zip = join(folder, 'lambda-authorizer.zip')
  await promisify(execFile)(process.execPath, [BUILD, zip], { env: { ...process.env, ...env } })
  return zip
}

/** Builds the zip, and extracts its file. */
export async function unpackZip(folder: string): Promise<void> {
  const files = Object.entries(unzipSync(await readFile(await buildZip(folder))))
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes)
}

/** A function, and a key server that responds as a test sets it. */
export interface Deployed extends Lambda {
  readonly keyServer: KeyServer
  /** Sets how the key server responds from now on. */
  readonly serve: (serve: Serve) => void
}

/** Responds with an issuer's keys. */
export function keysOf({ jwks }: Pick<TestIssuer, 'jwks'>): Serve {
  return (_, response) => response.end(JSON.stringify(jwks))
}

/** An endpoint that is down. */
export const down: Serve = (_, response) => void response.destroy()

/** Deploys the file of the zip for access tokens of an issuer. */
export async function deployZip(
  issuer: TestIssuer,
  { serve = keysOf(issuer), ...deployment }: Deployment & { readonly serve?: Serve },
): Promise<Deployed> {
  let current = serve
  const keyServer = await startKeyServer((request, response) => current(request, response))
  const lambda = await startLambda({
    ...deployment,
    env: {
      JWT_GATE_USER_POOL_ID: issuer.userPoolId,
      JWT_GATE_CLIENT_ID: issuer.clientId,
      JWT_GATE_TOKEN_USE: 'access',
      JWT_GATE_ISSUER: issuer.issuer,
      JWT_GATE_JWKS_URI: keyServer.origin,
      ...deployment.env,
    },
  })
  return {
    ...lambda,
    keyServer,
    serve: (next) => {
      current = next
    },
  }
}
