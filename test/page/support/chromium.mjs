/**
 * The browser: Debian's `chromium`, or the one that CHROMIUM names. It is not downloaded.
 */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const path = PLACES.find((one) => one && existsSync(one))

/** For the option `skip` of a test: `false`, or how to get the browser. */
export const skip =
  path === undefined &&
  'There is no Chromium: "apt-get install chromium", or set CHROMIUM to the path of one.'

/** Playwright gives each browser a new user data directory, and removes it. */
export function launch() {
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
