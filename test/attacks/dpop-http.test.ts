/**
 * No header that anybody can set changes for which request a proof is good, or takes its place.
 */
import { connect } from 'node:net'
import express from 'express'
import { authErrorHandler, requireJwt, verifyRequest } from 'jwt-gate/express'
import { describe, expect, test } from 'vitest'
import { serve } from '../support/http.ts'
import { createBound } from '../verify/support/bound.ts'

const ORIGIN = 'https://api.example'

async function start() {
  const bound = await createBound()
  const app = express().set('trust proxy', true)
  app.use(requireJwt(bound.verifier, { origin: ORIGIN }), (_req, res) => void res.end('in'))
  const ask = await serve(app.use(authErrorHandler()))
  const prove = (url: string) => bound.client.prove(bound.token, { url })
  return { ...bound, ask, prove, Authorization: `DPoP ${bound.token}` }
}

describe('a proof that another server has received', () => {
  test.each<[string, Record<string, string>]>([
    ['Host', { Host: 'evil.example' }],
    ['X-Forwarded-Host', { 'X-Forwarded-Host': 'evil.example' }],
    [
      'X-Forwarded-Host and -Proto',
      { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
    ],
    ['Forwarded', { Forwarded: 'host=evil.example;proto=https' }],
    ['X-Original-URL', { 'X-Original-URL': 'https://evil.example/orders' }],
    ['Origin', { Origin: 'https://evil.example' }],
  ])('does not pass with %s', async (_, headers) => {
    const { ask, prove, Authorization } = await start()
    const theirs = await prove('https://evil.example/orders')
    const ours = await prove(`${ORIGIN}/orders`)

    const attack = await ask('/orders', { headers: { ...headers, Authorization, DPoP: theirs } })
    const control = await ask('/orders', { headers: { ...headers, Authorization, DPoP: ours } })

    expect([attack.status, control.status]).toEqual([401, 200])
  })

  test('does not pass with a target in absolute form', async () => {
    const { ask, prove, Authorization } = await start()
    const target = 'https://evil.example/orders'

    const attack = await ask(target, { headers: { Authorization, DPoP: await prove(target) } })
    const control = await ask(target, {
      headers: { Authorization, DPoP: await prove(`${ORIGIN}/orders`) },
    })

    expect([attack.status, control.status]).toEqual([401, 200])
  })

  test('does not pass with a target that looks like an authority', async () => {
    const { ask, prove, Authorization } = await start()

    const attack = await ask('//evil.example/orders', {
      headers: { Authorization, DPoP: await prove('https://evil.example/orders') },
    })

    expect(attack.status).toBe(401)
  })

  test('does not pass for another method by an override', async () => {
    const { ask, prove, Authorization } = await start()
    const DPoP = await prove(`${ORIGIN}/orders`)

    const { status } = await ask('/orders', {
      ...{ method: 'DELETE', headers: { Authorization, DPoP, 'X-HTTP-Method-Override': 'GET' } },
    })

    expect(status).toBe(401)
  })
})

describe('two headers', () => {
  /** Sends header lines as they are. */
  function sendRaw(port: number, lines: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let text = ''
      socket.setEncoding('utf8').on('error', reject)
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('end', () => resolve(text.slice(9, 12)))
      socket.write(
        `GET /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('\r\n')}\r\n\r\n`,
      )
    })
  }

  test.each<[string, (proof: string, other: string) => string[]]>([
    ['with the same proof', (proof) => [`DPoP: ${proof}`, `DPoP: ${proof}`]],
    ['of which the first is bad', (proof) => ['DPoP: x', `DPoP: ${proof}`]],
    ['of which the last is bad', (proof) => [`DPoP: ${proof}`, 'dpop: x']],
    ['of which one is empty', (proof) => [`DPoP: ${proof}`, 'DPOP:']],
    ['with two good proofs', (proof, other) => [`DPoP: ${proof}`, `DPoP: ${other}`]],
  ])('%s do not pass', async (_, toLines) => {
    const { prove, Authorization, verifier } = await start()
    const app = express()
    app.use(requireJwt(verifier, { origin: ORIGIN }), (_req, res) => void res.end('in'))
    const server = app.use(authErrorHandler()).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const [one, other, good] = await Promise.all([1, 2, 3].map(() => prove(`${ORIGIN}/orders`)))
    const authorization = `Authorization: ${Authorization}`

    const attack = await sendRaw(port, [authorization, ...toLines(one ?? '', other ?? '')])
    const control = await sendRaw(port, [authorization, `DPoP: ${good}`])
    server.close()

    expect([attack, control]).toEqual(['401', '200'])
  })

  test('in two spellings do not pass, in a request that stands in for one of Node', async () => {
    const { prove, verifier, Authorization: authorization } = await start()
    const send = async (...names: readonly string[]) => {
      const headers: Record<string, string> = { authorization }
      for (const name of names) headers[name] = await prove(`${ORIGIN}/orders`)
      const req = { method: 'GET', url: '/orders', headers }
      return verifyRequest(
        verifier,
        { ...req, rawHeaders: Object.entries(headers).flat() },
        { origin: ORIGIN },
      )
    }

    await expect(send('DPoP', 'dpop')).rejects.toMatchObject({ code: 'ERR_PROOF_INVALID' })
    await expect(send('dpop', 'DPoP')).rejects.toMatchObject({ code: 'ERR_PROOF_INVALID' })
    await expect(send('DPoP')).resolves.toBeDefined()
    await expect(send('dpop')).resolves.toBeDefined()
  })

  test('of Authorization, one for each scheme, do not pass', async () => {
    const { ask, prove, token } = await start()
    const DPoP = await prove(`${ORIGIN}/orders`)

    for (const Authorization of [
      [`Bearer ${token}`, `DPoP ${token}`],
      [`DPoP ${token}`, `Bearer ${token}`],
    ]) {
      const { status } = await ask('/orders', { headers: { Authorization, DPoP } })
      expect(status).toBe(400)
    }
  })
})

test.each(['DPoP', 'DPoP ', 'DPoP\t', 'DPoPx y', 'DPoP "x"', 'DPoP a b', 'DPoP a, Bearer b'])(
  'the header %j has no token',
  async (Authorization) => {
    const { ask, prove } = await start()

    const { status } = await ask('/orders', {
      headers: { Authorization, DPoP: await prove(`${ORIGIN}/orders`) },
    })

    expect([400, 401]).toContain(status)
  },
)
