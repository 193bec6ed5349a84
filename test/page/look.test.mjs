/**
 * How the page looks and reads: by axe-core in both schemes and widths, by keyboard alone, and as pictures for people.
 */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launch, skip } from './support/chromium.mjs'
import { startDemo } from './support/demo.mjs'
import { Session } from './support/session.mjs'

const FOLDER = fileURLToPath(new URL('./screenshots/', import.meta.url))
const LOOKS = [1280, 390].flatMap((width) =>
  ['light', 'dark'].map((colorScheme) => ({ width, colorScheme })),
)

describe('the look of the page', { skip }, () => {
  let demo
  let browser

  before(async () => {
    mkdirSync(FOLDER, { recursive: true })
    demo = await startDemo()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await demo?.stop()
  })

  beforeEach(() => demo.act({ do: 'reset' }))

  for (const look of LOOKS) {
    const name = `${look.width}-${look.colorScheme}`

    test(`axe finds nothing, and nothing is cut off: ${name}`, async () => {
      const session = await Session.open(browser, demo, { ...look, reducedMotion: 'reduce' })
      const shoot = async (what) => {
        const { page } = session
        const path = `${FOLDER}${what}-${name}.png`
        await page.evaluate(() => window.scrollTo(0, 0))
        await page.screenshot({ path, fullPage: true })
        await session.axe(`${what} ${name}`)
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        )
        assert.ok(overflow <= 0, `${what} is ${overflow} pixels too wide`)
      }
      await shoot('1-signed-out')
      await session.click('#sign-in')
      await session.page.waitForSelector('.users')
      await shoot('2-sign-in')
      await session.click('button[value=ada]')
      await session.verdict('accepted')
      for (const path of ['/profile', '/orders', '/admin']) await session.call('express', path)
      await session.call('gateway', '/admin')
      await shoot('3-accepted')
      await session.click('#forge')
      await session.verdict('refused', 'ERR_TOKEN_SIGNATURE')
      await session.call('express', '/admin')
      await shoot('4-forged')
      await session.choose('access')
      await session.click('#steal')
      await session.verdict('refused', 'ERR_PROOF_MISSING')
      await session.sees('.attempts li:last-child', 'The proof was used before')
      await shoot('5-stolen')
      await session.choose('access')
      await session.click('#expire')
      await session.verdict('refused', 'ERR_TOKEN_EXPIRED')
      await shoot('6-expired')
      await session.click('#cors')
      await session.call('express', '/admin')
      await session.click('#cors')
      await session.click('#outage')
      for (let hours = 0; hours < 3; hours++) await session.click('[data-move="3600"]')
      await session.verdict('undecided')
      await session.call('express', '/profile')
      await shoot('7-outage')
      await session.close({ statuses: [401, 403, 503], isBlocked: true })
    })
  }

  test('is used by keyboard alone', async () => {
    const session = await Session.open(browser, demo)
    const { page } = session
    const press = (key) => page.keyboard.press(key)
    const focus = () =>
      page.evaluate(() => {
        const { id, dataset, value, type } = document.activeElement
        return id || dataset.call || dataset.move || (type === 'radio' ? value : '')
      })
    const tabTo = async (wanted) => {
      for (let presses = 0; presses < 60; presses++) {
        await press('Tab')
        await assertFocusIsSeen(page)
        if ((await focus()) === wanted) return
      }
      assert.fail(`Tab never comes to ${wanted}`)
    }

    await press('Tab')
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip/)
    await press('Enter')
    await tabTo('sign-in')
    await press('Enter')
    await page.waitForSelector('.users')
    await press('Tab')
    await assertFocusIsSeen(page)
    await press('Enter')
    await session.verdict('accepted')
    await tabTo('access')
    await press('ArrowRight')
    await session.verdict('refused')
    await press('ArrowLeft')
    await session.verdict('accepted')
    await tabTo('gateway GET /admin')
    await press('Space')
    await session.logs('GET /admin through API Gateway: 200')
    await tabTo('expire')
    await press('Enter')
    await session.verdict('refused', 'ERR_TOKEN_EXPIRED')
    await tabTo('reset')
    await press('Space')
    await session.verdict('accepted')
    assert.equal(await focus(), 'reset')
    await tabTo('3600')
    await tabTo('log-box')
    await session.close()
  })
})

/** Each stop of the Tab key can be seen: it has an outline, and is not under the line at the foot of the window. */
async function assertFocusIsSeen(page) {
  const seen = await page.evaluate(() => {
    const { activeElement: element } = document
    if (element === document.body) return { outline: 'body', isCovered: false }
    const shown = element.type === 'radio' ? element.nextElementSibling : element
    const { top, bottom, left, right } = shown.getBoundingClientRect()
    const [x, y] = [(left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2]
    const isCovered = document.elementFromPoint(x, y)?.id === 'status'
    return { outline: getComputedStyle(shown).outlineStyle, isCovered }
  })
  assert.notEqual(seen.outline, 'none')
  assert.equal(seen.isCovered, false)
}
