/**
 * The order of routes, routes that match the same request, and routes between which the kinds of API choose differently.
 */
import { describe, expect, test } from 'vitest'
import { parseRouteKey, type Route } from '../../../src/lambda-authorizer/routes/route-key.ts'
import {
  compareRoutes,
  doOverlap,
  findRoute,
  isAmbiguous,
} from '../../../src/lambda-authorizer/routes/route-order.ts'

const parseBoth = (keys: readonly string[]) => keys.map(parseRouteKey) as [Route, Route]

describe('of two routes, the more specific one comes first', () => {
  test.each([
    ['GET /a', 'GET /{x}'],
    ['GET /a', 'GET /{x+}'],
    ['GET /{x}', 'GET /{x+}'],
    ['GET /a/b', 'GET /a/{x}'],
    ['GET /a/{x}', 'GET /{x}/b'],
    ['GET /a/{x+}', 'GET /{x}/b'],
    ['GET /{x}/b', 'GET /{x+}'],
    ['GET /a/b', 'GET /a'],
    ['GET /a/{x}', 'GET /a'],
    ['GET /a', 'ANY /a'],
    ['ANY /a', 'GET /{x}'],
    ['ANY /{x+}', '$default'],
  ])('%s before %s', (...keys) => {
    const [first, second] = parseBoth(keys)

    expect(compareRoutes(first, second)).toBeLessThan(0)
    expect(compareRoutes(second, first)).toBeGreaterThan(0)
  })

  test.each([
    ['GET /a', 'POST /b'],
    ['GET /{x}', 'GET /{y}'],
    ['$default', '$default'],
  ])('but neither of %s and %s', (...keys) => {
    const [first, second] = parseBoth(keys)

    expect(compareRoutes(first, second)).toBe(0)
  })
})

describe('a request goes to the first route that it matches', () => {
  test.each([
    ['GET/a', 0],
    ['POST/a', 1],
    ['GET/b', 2],
    ['GET/b/c', 3],
    ['GET/', 4],
    ['GET/b/', 3],
    ['POST/b', 4],
  ])('%s', (request, at) => {
    const routes = ['GET /a', 'ANY /a', 'GET /{x}', 'GET /{x+}', '$default'].map(parseRouteKey)

    const segments = request.split('/')
    expect(findRoute(routes, segments)).toBe(routes[at])
    expect(findRoute(routes.slice(0, 1), segments)).toBe(at === 0 ? routes[0] : undefined)
  })
})

describe('two routes match the same request', () => {
  test.each([
    ['GET /a', 'GET /a'],
    ['GET /a', 'ANY /a'],
    ['GET /a', 'GET /{x}'],
    ['GET /{x}/b', 'GET /a/{y}'],
    ['GET /a/b/c', 'GET /a/{x+}'],
    ['GET /a/{x}', 'GET /{y+}'],
    ['ANY /{x+}', 'POST /{y+}'],
    ['GET /a/b', '$default'],
    ['$default', '$default'],
  ])('%s, %s', (...keys) => {
    const [first, second] = parseBoth(keys)

    expect(doOverlap(first, second)).toBe(true)
    expect(doOverlap(second, first)).toBe(true)
  })

  test.each([
    ['GET /a', 'POST /a'],
    ['GET /a', 'GET /b'],
    ['GET /a', 'GET /a/b'],
    ['GET /{x}', 'GET /a/b'],
    ['GET /{x}/b', 'GET /a/c'],
    ['GET /a', 'GET /a/{x+}'],
    ['GET /b/c', 'GET /a/{x+}'],
    ['GET /a', 'POST /{x+}'],
  ])('but not %s, %s', (...keys) => {
    const [first, second] = parseBoth(keys)

    expect(doOverlap(first, second)).toBe(false)
    expect(doOverlap(second, first)).toBe(false)
  })
})

test.each([
  ['GET /a/{x+}', 'GET /{x}/b', true],
  ['GET /a/{x+}', 'GET /{x+}', false],
  ['GET /a/{x+}', '$default', false],
  ['GET /a/{x}', 'GET /{x+}', false],
  ['GET /a', 'GET /{x}', false],
  ['$default', 'GET /a', false],
])('%s before %s: APIs choose differently: %s', (first, second, isIt) => {
  expect(isAmbiguous(parseRouteKey(first), parseRouteKey(second))).toBe(isIt)
})
