/**
 * docs/operations.md: the table of codes is complete, and the alarms use metrics and events that exist.
 */
import { channel } from 'node:diagnostics_channel'
import { createVerifier } from 'jwt-gate'
import { requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { measureWithPrometheus } from '../../examples/observability/prometheus.ts'
import { ERROR_CODES } from '../../src/verify/errors.ts'
import { recordAll } from '../support/channels.ts'
import { blocksOf, codeOf, read, tableOf } from './markdown.ts'

const document = read('docs/operations.md')
const issuer = await createTestIssuer()

describe('the table of codes', () => {
  const rows = tableOf(document, 'code | meaning')

  test('has each code of the library once, and no other one', () => {
    expect(rows.map(([code]) => codeOf(code)).toSorted()).toEqual([...ERROR_CODES].toSorted())
  })

  test.each(rows)('says for %s what it means, who acts, and what to do', (...cells) => {
    expect(cells).toHaveLength(4)
    for (const cell of cells) expect(cell).not.toBe('')
  })
})

test('the table of channels names each channel, and each member of a verification', async () => {
  const rows = tableOf(document, 'channel')
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
  const [refused] = await recordAll(() => verifier.verify('a.b.c').catch(() => undefined))
  const [accepted] = await recordAll(async () => verifier.verify(await issuer.accessToken()))
  const listed = [...(rows[0]?.[1] ?? '').matchAll(/`([a-z]\w+)`/gi)].map(([, name]) => name)

  expect(rows.map(([name]) => codeOf(name))).toEqual([
    'jwt-gate:verify',
    'jwt-gate:jwks',
    'jwt-gate:request',
  ])
  for (const name of Object.keys({ ...(refused as object), ...(accepted as object) })) {
    expect(listed).toContain(name)
  }
})

test('nobody subscribes by importing the package', () => {
  requireJwt(createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks }))

  for (const [name] of tableOf(document, 'channel')) {
    expect(channel(codeOf(name)).hasSubscribers).toBe(false)
  }
})

test('the rules for Prometheus use metrics, labels and codes that exist', async () => {
  const registry = new Registry()
  onTestFinished(measureWithPrometheus(registry))
  const [rules] = blocksOf(document, 'yaml')
  const text = rules?.text ?? ''
  const names = new Set(text.match(/\bjwt_gate_\w+/g))
  const known = registry.getMetricsAsArray().map(({ name }) => name)
  const labels = new Set(
    registry.getMetricsAsArray().flatMap((metric) => (metric as never)['labelNames'] as string[]),
  )

  expect(names.size).toBeGreaterThan(4)
  for (const name of names) expect(known).toContain(name.replace(/_count$/, ''))
  for (const [, label] of text.matchAll(/[{,]\s*(\w+)=~?"/g)) expect(labels).toContain(label)
  for (const code of text.match(/ERR_\w+/g) ?? []) expect(ERROR_CODES).toContain(code)
})

test('the filters for CloudWatch match events that exist', () => {
  const [script] = blocksOf(document, 'sh')
  const types = script?.text.match(/for TYPE in (.+);/)?.[1]?.split(' ') ?? []
  const events = read('src/verify/events.ts') + read('src/lambda-authorizer/authorizer-events.ts')

  expect(types).toHaveLength(3)
  for (const type of types) expect(events).toContain(`type: '${type}'`)
})
