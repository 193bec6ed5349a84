/**
 * Somebody in front of the page. What the browser writes to the console is collected: at the end, nothing may be there but its own
 * notes on answers that the test has asked for, such as a 401.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout } from 'node:timers/promises'

const require = createRequire(import.meta.url)
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const NOTE = /^Failed to load resource: the server responded with a status of (\d+)/
const BLOCKED = /blocked by CORS policy|net::ERR_FAILED/
const GONE = /net::ERR_(EMPTY_RESPONSE|CONNECTION_RESET)/

export class Session {
  #errors = []

  static async open(browser, demo, options = {}) {
    const { width = 1280, height = 900, ...rest } = options
    const context = await browser.newContext({ viewport: { width, height }, ...rest })
    const session = new Session(demo, context, await context.newPage())
    await session.page.goto(demo.origins.page)
    await session.page.waitForSelector('#matrix tr')
    return session
  }

  constructor(demo, context, page) {
    this.demo = demo
    this.context = context
    this.page = page
    page.setDefaultTimeout(15_000)
    page.on('console', (message) => {
      const { url } = message.location()
      if (message.type() === 'error') this.#errors.push({ text: message.text(), url })
    })
    page.on('pageerror', (error) =>
      this.#errors.push({ text: error.stack ?? String(error), url: '' }),
    )
  }

  async signIn(username) {
    await this.page.click('#sign-in')
    await this.page.click(`button[value=${username}]`)
    await this.verdict('accepted')
  }

  /** Waits for a verdict on the token. */
  async verdict(verdict, code) {
    await this.page.waitForSelector(`[data-verdict=${verdict}]`)
    if (code) await this.sees('#code', code)
  }

  click(selector) {
    return this.page.click(selector)
  }

  choose(token) {
    return this.page.check(`[name=token][value=${token}]`, { force: true })
  }

  /** Calls a route, and returns the status that the page shows. */
  async call(surface, path) {
    const button = this.page.locator(`[data-call="${surface} GET ${path}"]`)
    const title = `GET ${path} through ${surface === 'express' ? 'Express' : 'API Gateway'}:`
    const told = this.page.locator('#log li').filter({ hasText: title })
    const before = await told.count()
    await button.click()
    await told.nth(before).waitFor({ state: 'attached' })
    return button.locator('.last').innerText()
  }

  /** Waits until an element contains a text. */
  async sees(selector, text) {
    await this.page.locator(selector).filter({ hasText: text }).first().waitFor()
  }

  /** Waits until the log contains a text. */
  logs(text) {
    return this.sees('#log li', text)
  }

  /** Holds what is asked of a URL for a moment, as a slow network does. */
  delays(url) {
    return this.page.route(url, async (route) => {
      await setTimeout(500)
      await route.continue()
    })
  }

  /** Everything that axe-core knows. */
  async axe(where) {
    await this.page.evaluate(AXE)
    const found = await this.page.evaluate(() => window.axe.run(document))
    const { violations } = found
    assert.deepEqual(
      violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target.join(' ')) })),
      [],
      `axe: ${where}`,
    )
    assert.ok(found.passes.length > 15, 'axe has looked')
  }

  /** `statuses`: the error answers that the test has asked for. */
  async close({ statuses = [], isBlocked = false, isIssuerGone = false } = {}) {
    await this.context.close()
    const { express, gateway, signIn } = this.demo.origins
    const isAllowed = ({ text, url }) => {
      const isApi = [express, gateway].some((origin) => url.startsWith(`${origin}/`))
      if (isApi && statuses.includes(Number(NOTE.exec(text)?.[1]))) return true
      if (isBlocked && BLOCKED.test(text)) return true
      if (!url.startsWith(`${signIn}/`) || !isIssuerGone) return false
      return GONE.test(text) || NOTE.exec(text)?.[1] === '503'
    }
    assert.deepEqual(
      this.#errors.filter((error) => !isAllowed(error)),
      [],
      'the console has no error',
    )
  }
}
