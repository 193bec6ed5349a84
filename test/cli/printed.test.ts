/**
 * What `jwt-gate explain` prints for each broken set-up. The files in `printed` were read by people: after a change of texts, run
 * `JWT_GATE_UPDATE=1 npx vitest run test/cli/printed.test.ts`, and read the difference.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { createClaimSetUps } from '../explain/set-ups/claim.ts'
import { createHeaderSetUps } from '../explain/set-ups/header.ts'
import { createIssuerSetUps } from '../explain/set-ups/issuer.ts'
import { createKeySetUps } from '../explain/set-ups/key.ts'
import { createNetworkSetUps } from '../explain/set-ups/network.ts'
import { createRevocationSetUps } from '../explain/set-ups/revocation.ts'
import { createRuleSetUps } from '../explain/set-ups/rule.ts'
import { createTextSetUps } from '../explain/set-ups/text.ts'
import { createTimeSetUps } from '../explain/set-ups/time.ts'
import { createWorld, type SetUp } from '../explain/set-ups.ts'
import { explainAttempt } from './set-up-files.ts'

const FOLDER = join(import.meta.dirname, 'printed')
const GROUPS = {
  text: createTextSetUps,
  header: createHeaderSetUps,
  issuer: createIssuerSetUps,
  key: createKeySetUps,
  network: createNetworkSetUps,
  time: createTimeSetUps,
  claim: createClaimSetUps,
  rule: createRuleSetUps,
  revocation: createRevocationSetUps,
}

// all times are in what is printed; sockets keep the real clock
vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-07-20T12:00:00Z') })
const world = await createWorld()
afterAll(() => {
  world.close()
  vi.useRealTimers()
})

test('every group of set-ups is printed', () => {
  const files = readdirSync(join(import.meta.dirname, '../explain/set-ups'))
  // the command line has no presets
  const others = ['world.ts', 'certificate.ts', 'preset.ts']

  expect(files.filter((file) => !others.includes(file)).sort()).toEqual(
    Object.keys(GROUPS)
      .map((name) => `${name}.ts`)
      .sort(),
  )
})

test.each(Object.entries(GROUPS))('%s', async (name, create) => {
  const setUps = await create(world)
  const printed: string[] = []
  for (const setUp of setUps.filter(isText)) printed.push(await print(setUp))
  const text = printed.join('\n')

  if (process.env['JWT_GATE_UPDATE'] === '1') {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(join(FOLDER, `${name}.txt`), text)
  }
  expect(text).toBe(readFileSync(join(FOLDER, `${name}.txt`), 'utf8'))
  expect(setUps.length - printed.length).toBe({ text: 3, rule: 1 }[name] ?? 0)
})

/** A program cannot be given an object in place of a token, or a function in a rule. */
function isText({ broken }: SetUp): boolean {
  return typeof broken.token === 'string' && broken.access?.check === undefined
}

async function print({ name, cause, code, broken, cured }: SetUp): Promise<string> {
  const { argv, exit, stdout, stderr } = await explainAttempt(broken)
  const [verdict = '', , first = ''] = stdout.split('\n')

  expect(verdict, name).toContain(code)
  expect(first, name).toBe(`1. ${cause}`)
  expect(exit, name).toBe(verdict.startsWith('refused') ? 1 : 2)
  expect(await explainAttempt(cured), name).toMatchObject({ exit: 0 })
  return [`## ${name}`, '', `$ ${argv}`, stderr + stdout, `exit code ${exit}`, '']
    .map(withoutChance)
    .join('\n')
}

/** Keys and ports are new in each run, and errors of the network depend on the machine. */
function withoutChance(text: string): string {
  return (
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
      .replace(/write EPROTO [^\n]*?(?=\. Its URL)/g, 'write EPROTO <error of OpenSSL>')
      // Node 24 adds advice to the message
      .replace(/; if the root CA is installed locally, [^\n]*? --use-system-ca/g, '')
      .replace(/getaddrinfo EAI_AGAIN/g, 'getaddrinfo ENOTFOUND')
  )
}
