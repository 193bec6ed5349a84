/**
 * The test issuer's real server: its address, and that it ends when it is closed.
 */
import { createServer } from 'node:net'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, onTestFinished, test } from 'vitest'
import { claimsOf } from './decode.ts'

const now = (): number => 1_784_514_532_999
const issuer = await createTestIssuer({ now })

test('becomes the address of the issuer and of its tokens', async () => {
  const own = await createTestIssuer({ now })
  const origin = await own.listen()
  onTestFinished(own.close)

  const token = await own.accessToken()

  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(own.issuer).toBe(`${origin}/eu-west-1_TestPool1`)
  expect(claimsOf(token)['iss']).toBe(own.issuer)
  const verifier = createVerifier({ issuer: own.issuer, audience: null }, { now })
  await expect(verifier.verify(token)).resolves.toBeDefined()
})

test('cannot be started twice', async () => {
  const own = await createTestIssuer({ now })
  await own.listen()
  onTestFinished(own.close)

  await expect(own.listen()).rejects.toThrow('This issuer is already listening')
})

test('rejects a port that is in use, and does not change the issuer then', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const own = await createTestIssuer({ now })

  await expect(own.listen(port)).rejects.toMatchObject({ code: 'EADDRINUSE' })

  expect(own.issuer).toBe(issuer.issuer)
})

test('ends when it is closed, together with its connections', async () => {
  const own = await createTestIssuer({ now })
  await own.listen()
  const { jwksUri } = own
  own.fail('slow')
  const pending = fetch(jwksUri)
  pending.catch(() => undefined)
  await expect.poll(() => own.requests).toBe(1)

  await own.close()

  await expect(pending).rejects.toThrow(TypeError)
  await expect(fetch(jwksUri)).rejects.toThrow(TypeError)
  expect(own.issuer).toBe(issuer.issuer)
})

test('can be closed before it was started, and be started again', async () => {
  const own = await createTestIssuer({ now })
  await own.close()
  await own.listen()
  await own.close()
  onTestFinished(own.close)

  const origin = await own.listen()

  expect(own.jwksUri).toBe(`${origin}/eu-west-1_TestPool1/.well-known/jwks.json`)
})
