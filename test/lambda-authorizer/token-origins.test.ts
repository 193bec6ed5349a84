/**
 * The `token.origins` option: origins as browsers send them, for a cookie.
 */
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { describe, expect, test } from 'vitest'
import { unusedVerifier } from './setup.ts'

const NAME = '__Host-access_token'
const APP = 'https://app.example.com'
const EVIL = 'https://evil.example'

describe('rejects origins that no browser sends', () => {
  const create = (token: unknown) => () => createAuthorizer(unusedVerifier, { token } as never)

  test.each<unknown>([
    ...[`${APP}/`, `${APP}:443`, 'https://APP.example.com', 'app.example.com', '*', 'null', ''],
    ...[
      `${APP}/path`,
      `https://user@app.example.com`,
      ` ${APP}`,
      'https://*.example.com:x',
      'data:x',
    ],
    ...[
      'https://bücher.example',
      'file:///',
      `blob:${APP}`,
      [],
      [APP, ''],
      [APP, `${EVIL}/`],
      null,
    ],
    ...[7, true, {}, [[APP]]],
  ])('%j', (origins) => {
    expect(create({ cookie: NAME, origins })).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: expect.stringContaining('"token.origins"'),
      }),
    )
  })

  test.each<unknown>([
    { header: 'X-Token', origins: APP },
    { query: 'token', origins: [APP] },
  ])('without a cookie: %j', (token) => {
    expect(create(token)).toThrow('"token.origins" is for a cookie')
  })

  test('with a misspelt name or no place, but not valid origins', () => {
    expect(create({ origins: APP })).toThrow('"token" must have one of')
    expect(create({ cookie: NAME, origin: APP })).toThrow('"origin" is not an option of "token"')
    expect(create({ cookie: NAME, origins: [APP, 'https://xn--bcher-kva.example'] })).not.toThrow()
    expect(create({ cookie: NAME, origins: 'http://[::1]:3000' })).not.toThrow()
  })
})
