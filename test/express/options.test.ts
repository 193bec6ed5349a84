/**
 * The options of `requireJwt`, and how they appear in the challenge.
 */
import express from 'express'
import { cognito, createVerifier, type Verifier } from 'jwt-gate'
import { type RequireJwtOptions, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { serve } from '../support/http.ts'

const { userPoolId, clientId, jwks } = await createTestIssuer()
const pool = cognito({ userPoolId, clientId, tokenUse: 'access', jwks })
const verifier = createVerifier(pool)

describe('the challenge includes', () => {
  test.each<[string, RequireJwtOptions, string]>([
    ['a quoted realm', { realm: 'my "own" \\ api' }, 'realm="my \\"own\\" \\\\ api"'],
    [
      'the address of the metadata',
      { resourceMetadataUrl: 'https://api.example.com/.well-known/oauth-protected-resource' },
      'realm="api", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource"',
    ],
    [
      'an address on loopback',
      { resourceMetadataUrl: 'http://127.0.0.1:3000/' },
      'realm="api", resource_metadata="http://127.0.0.1:3000/"',
    ],
    [
      'an address with quotes and backslashes, escaped',
      { resourceMetadataUrl: 'https://a"b.example/c"d?e\\f"#g\\h"' },
      'realm="api", resource_metadata="https://a%22b.example/c%22d?e%5Cf%22#g%5Ch%22"',
    ],
  ])('%s', async (_title, options, parameters) => {
    const ask = await serve(express().use(requireJwt(verifier, options)))

    const answer = await ask('/')

    expect(answer.headers['www-authenticate']).toBe(`Bearer ${parameters}`)
  })
})

describe('an invalid option', () => {
  test.each([
    [{ optional: true }, '"optional"'],
    [{ getToken: 'header' }, '"getToken"'],
    [{ realm: '' }, '"realm"'],
    [{ realm: 'api\r\nx' }, '"realm"'],
    [{ realm: 'Zürich' }, '"realm"'],
    [{ resourceMetadataUrl: '' }, '"resourceMetadataUrl"'],
    [{ resourceMetadataUrl: 'not a url' }, '"resourceMetadataUrl"'],
    [{ resourceMetadataUrl: 'javascript:alert(1)' }, '"resourceMetadataUrl"'],
    [{ optionl: 'missing' }, '"optionl"'],
    [null, '"options"'],
  ])('%j is rejected at start-up, and the error names the option', (options, name) => {
    const make = () => requireJwt(verifier, options as RequireJwtOptions)

    expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
    expect(make).toThrow(name)
  })

  test('the result of cognito() is not accepted as a verifier', () => {
    const make = () => requireJwt(pool as unknown as Verifier)

    expect(make).toThrow('"verifier"')
  })
})
