/**
 * Every button of the page, and what comes of it.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launch, skip } from './support/chromium.mjs'
import { startDemo } from './support/demo.mjs'
import { Session } from './support/session.mjs'

const CALLS = ['express', 'gateway'].flatMap((surface) =>
  ['/profile', '/orders', '/admin'].map((path) => [surface, path]),
)

describe('the page', { skip }, () => {
  let demo
  let browser
  let session
  let expected

  before(async () => {
    demo = await startDemo()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await demo?.stop()
  })

  beforeEach(async () => {
    await demo.act({ do: 'reset' })
    session = await Session.open(browser, demo)
    expected = {}
  })

  afterEach(() => session.close(expected))

  const callAll = async () => {
    const statuses = []
    for (const [surface, path] of CALLS) statuses.push(await session.call(surface, path))
    return statuses.join(' ')
  }

  test('lets an admin in everywhere', async () => {
    await session.signIn('ada')

    assert.equal(await callAll(), '200 200 200 200 200 200')
    await session.logs('Signed in as Ada')
    await session.sees('#who', 'Ada, group admin')
    await session.sees('#verdict', 'Accepted')
    await session.call('express', '/profile')
    await session.sees('#answer pre', '"username": "ada"')
    await session.sees('#rails .rail:not(.preflight)', 'returned the claims')
  })

  test('keeps a reader out of the admin route, by the group', async () => {
    expected = { statuses: [403] }
    await session.signIn('rui')

    assert.equal(await callAll(), '200 200 403 200 200 403')
    await session.verdict('refused', 'ERR_ACCESS_GROUP')
    await session.sees('#rails .refused', 'policy')
  })

  test('keeps a user without the scope out of the orders', async () => {
    expected = { statuses: [403] }
    await session.signIn('noa')

    assert.equal(await callAll(), '200 403 403 200 403 403')
    await session.call('express', '/orders')
    await session.sees('#answer pre', 'scope="orders/read"')
    await session.verdict('refused', 'ERR_ACCESS_SCOPE')
    await session.sees('#rails .refused', 'requireAccess')
  })

  test('lets a token expire', async () => {
    expected = { statuses: [401] }
    await session.signIn('ada')
    await session.click('#expire')

    await session.verdict('refused', 'ERR_TOKEN_EXPIRED')
    await session.logs('The token has expired')
    await session.sees('#times-sum', 'Expired')
    await session.sees('#checks .is-failed', 'exp')
    assert.equal(await callAll(), '401 401 401 401 401 401')
    await session.click('#expire')
    await session.logs('This token has expired already')
  })

  test('refuses a forged token', async () => {
    expected = { statuses: [401] }
    await session.signIn('noa')
    await session.click('#forge')

    await session.verdict('refused', 'ERR_TOKEN_SIGNATURE')
    await session.logs('Forged')
    await session.sees('#checks .is-failed', 'signature')
    assert.equal(await callAll(), '401 401 401 401 401 401')
    await session.sees('#rails .refused', 'verifier')
  })

  test('refuses an ID token', async () => {
    expected = { statuses: [401] }
    await session.signIn('ada')
    await session.click('#send-id')

    await session.verdict('refused')
    await session.logs('The ID token is sent now')
    await session.sees('#checks .is-failed', 'token_use')
    assert.equal(await callAll(), '401 401 401 401 401 401')
  })

  test('drops a group, which only the next token shows', async () => {
    expected = { statuses: [403] }
    await session.signIn('ada')
    await session.click('#drop-group')
    await session.logs('The new token has no group')

    assert.equal(await session.call('express', '/admin'), '403')
    assert.equal(await session.call('gateway', '/admin'), '403')
    await session.choose('previous')
    assert.equal(await session.call('express', '/admin'), '200')
    assert.equal(await session.call('gateway', '/admin'), '200')
  })

  test('revokes a token that has not expired, and puts it back', async () => {
    expected = { statuses: [401] }
    await session.signIn('ada')
    assert.equal(await callAll(), '200 200 200 200 200 200')
    await session.click('#revoke')

    await session.verdict('refused', 'ERR_TOKEN_REVOKED')
    await session.logs('The token was revoked')
    await session.sees('#cause', 'This token was revoked')
    await session.sees('#checks .is-failed', 'revocation')
    await session.sees('#revoke.is-broken', 'Put it back')
    assert.equal(await callAll(), '401 401 401 401 401 401')
    await session.sees('#rails .refused', 'verifier')

    await session.click('#renew')
    await session.verdict('accepted')
    await session.sees('#revoke', 'Revoke it')
    assert.equal(await session.call('express', '/profile'), '200')
    await session.choose('previous')
    await session.verdict('refused', 'ERR_TOKEN_REVOKED')

    await session.click('#revoke')
    await session.logs('the entry was taken back')
    await session.verdict('accepted')
    assert.equal(await callAll(), '200 200 200 200 200 200')
  })

  test('revokes nothing for a token that is not accepted, and puts back with everything', async () => {
    expected = { statuses: [401] }
    await session.signIn('ada')
    await session.click('#send-id')
    await session.verdict('refused', 'ERR_CLAIM')
    await session.click('#revoke')
    await session.logs('does not accept this token (ERR_CLAIM')
    await session.choose('access')
    await session.verdict('accepted')
    await session.click('#revoke')
    await session.verdict('refused', 'ERR_TOKEN_REVOKED')
    assert.equal(await session.call('express', '/profile'), '401')

    await demo.act({ do: 'reset' })
    await session.verdict('accepted')
    assert.equal(await callAll(), '200 200 200 200 200 200')
  })

  test('refuses a stolen token for want of its key, and says why', async () => {
    expected = { statuses: [401] }
    await session.signIn('ada')
    await session.click('#steal')

    await session.logs('the thief without it')
    const attempts = session.page.locator('.attempts li')
    const texts = await attempts.allInnerTexts()
    assert.deepEqual(
      texts.map((text) => /^(\d+)/.exec(text)?.[1]),
      ['200', '401', '401', '401'],
    )
    const why = [
      'no proof of this key was presented',
      'The proof is of another key than the token is bound to',
      'The proof was used before',
    ]
    for (const [index, reason] of why.entries()) {
      await attempts
        .nth(index + 1)
        .filter({ hasText: reason })
        .waitFor()
    }
    assert.match(texts[0], /^200\s+You, with a proof of your key$/)
    await session.verdict('refused', 'ERR_PROOF_MISSING')
    await session.sees('#checks', 'cnf')
    await session.sees('#rails .refused', 'verifier')
    assert.equal(await callAll(), '401 401 401 401 401 401')

    await session.choose('access')
    await session.verdict('accepted')
    assert.equal(await callAll(), '200 200 200 200 200 200')
    await session.click('#renew')
    await session.logs('A new token, from the refresh token')
    await session.click('#reset')
    await session.page.waitForSelector('#theft', { state: 'hidden' })
  })

  test('forgets a theft that was still going on at a reset', async () => {
    expected = { statuses: [401] }
    await session.signIn('ada')
    await session.delays('**/oauth2/token')
    await session.click('#steal')
    await session.click('#reset')

    await session.logs('You have a new token')
    await session.logs('the thief without it')
    assert.equal(await session.page.locator('#theft').isHidden(), true)
    await session.verdict('accepted')
  })

  test('finds rotated keys with the first token that names one', async () => {
    expected = { statuses: [401] }
    // the tests before have used up refreshes for unknown keys, and a fast machine does not give enough of them back
    await demo.act({ do: 'clock', seconds: 60 })
    await session.signIn('ada')
    await session.click('#rotate')
    await session.logs('The issuer has new keys')

    assert.equal(await session.call('express', '/profile'), '200')
    await session.click('#renew')
    await session.logs('A new token')
    assert.equal(await session.call('express', '/profile'), '200')
    await session.choose('previous')
    await session.verdict('refused', 'ERR_KEY_NOT_FOUND')
    assert.equal(await session.call('express', '/profile'), '401')
  })

  test('lives through an outage on its keys, then can tell nothing, and recovers', async () => {
    expected = { statuses: [503, 500], isIssuerGone: true }
    await session.signIn('ada')
    await session.click('#outage')
    await session.logs('The issuer is down')

    assert.equal(await callAll(), '200 200 200 200 200 200')
    await session.click('[data-move="600"]')
    await session.click('[data-move="600"]')
    await session.click('[data-move="600"]')
    await session.sees('#keys-sum', 'stale')
    assert.equal(await session.call('express', '/profile'), '200')
    await session.logs('stale, but still in use')
    await session.click('[data-move="3600"]')
    await session.click('[data-move="3600"]')
    await session.verdict('undecided', 'ERR_JWKS_UNAVAILABLE')
    await session.sees('#life .is-now', 'Gone')
    assert.equal(await session.call('express', '/profile'), '503')
    assert.equal(await session.call('gateway', '/profile'), '500')
    await session.click('#renew')
    await session.logs('The issuer does not answer')

    await session.click('#outage')
    await session.logs('The issuer is back')
    await session.click('[data-move="60"]')
    await session.click('#renew')
    await session.verdict('accepted')
    assert.equal(await callAll(), '200 200 200 200 200 200')
  })

  test('has no sign-in while the issuer is down', async () => {
    expected = { isIssuerGone: true }
    await session.click('#outage')
    await session.logs('The issuer is down')
    await session.click('#sign-in')
    await session.sees('main', 'The issuer is down')
    await session.click('text=Back')
    await session.sees('#verdict', 'No token yet')
  })

  test('is blocked by the browser without CORS', async () => {
    expected = { isBlocked: true, statuses: [401, 403] }
    await session.signIn('ada')
    await session.click('#cors')
    await session.logs('without CORS')

    assert.equal(await callAll(), Array(6).fill('blocked').join(' '))
    await session.sees('#answer', 'The preflight request was refused')
    await session.sees('#rails .preflight', 'requireJwt: ERR_TOKEN_MISSING')
    await session.sees('#rails .preflight', 'API Gateway: no OPTIONS method')
    await session.click('#cors')
    await session.logs('allow this page again')
    assert.equal(await callAll(), '200 200 200 200 200 200')
  })

  test('puts everything back', async () => {
    expected = { isIssuerGone: true }
    await session.signIn('ada')
    for (const id of ['drop-group', 'forge', 'cors', 'outage']) await session.click(`#${id}`)
    await session.click('[data-move="3600"]')
    await session.sees('#clock-offset', '+1 h')
    await session.click('#reset')

    await session.logs('Everything is back as it was')
    await session.verdict('accepted')
    await session.sees('#outage', 'Take the issuer down')
    await session.sees('#cors', 'Call without CORS')
    assert.equal(await session.page.innerText('#clock-offset'), '')
    assert.equal(await callAll(), '200 200 200 200 200 200')
  })

  test('moves the clock to where a token is not valid yet', async () => {
    await session.signIn('ada')
    await session.click('[data-move="-600"]')

    await session.verdict('refused', 'ERR_TOKEN_NOT_ACTIVE')
    await session.sees('#times-sum', 'Valid in')
  })

  test('refreshes keys in the background before they get old', async () => {
    await session.signIn('ada')
    await session.call('express', '/profile')
    await session.click('[data-move="600"]')

    assert.equal(await session.call('express', '/profile'), '200')
    await session.sees('#life .is-now', 'Fresh')
  })

  test('sends no token, the tokens in hand, and a pasted one', async () => {
    expected = { statuses: [401] }
    await session.signIn('ada')
    await session.choose('none')
    await session.sees('#verdict', 'No token')
    assert.equal(await session.call('express', '/profile'), '401')
    assert.equal(await session.call('gateway', '/profile'), '401')
    await session.click('summary')
    await session.page.fill('#pasted', 'Bearer not-a-token')
    await session.click('#paste button')
    await session.verdict('refused', 'ERR_TOKEN_MALFORMED')
    await session.choose('access')
    await session.verdict('accepted')
    await session.click('#sign-out')
    await session.sees('#who', 'Nobody is signed in.')
    await session.logs('Signed out')
  })

  test('ignores an answer to a sign-in that it has not started', async () => {
    const { page } = session
    await page.goto(`${demo.origins.page}/callback?code=x&state=y`)
    await session.logs('There was no sign-in to finish')
    assert.equal(new URL(page.url()).pathname, '/')

    await page.evaluate(() =>
      sessionStorage.setItem('jwt-gate-sign-in', '{"verifier":"v","state":"mine"}'),
    )
    await page.goto(`${demo.origins.page}/callback?code=x&state=another`)
    await session.logs('its answer is ignored')
    await session.sees('#who', 'Nobody is signed in.')
  })
})
