/**
 * The normal form of a URL (RFC 3986 s6.2.2, s6.2.3).
 */
import { describe, expect, test } from 'vitest'
import { normalizeUrl } from '../../../src/verify/proof/normal-url.ts'

const SAME = 'https://api.example/a/b'

test.each([
  [SAME],
  ['HTTPS://API.Example/a/b'],
  ['https://api.example:443/a/b'],
  ['https://api.example:/a/b'],
  ['https://api.example:00443/a/b'],
  ['https://api.example/a/./b'],
  ['https://api.example/a/x/../b'],
  ['https://api.example/../a/b'],
  ['https://api.example/a/%62'],
  ['https://api.example/a/%2e/b'],
  ['https://api.example/x/%2E%2e/a/b'],
  ['https://api.example/a/b?q=1'],
  ['https://api.example/a/b#f'],
  ['https://api.example/a/b?q=\\'],
  ['https://api.example/a/b?#'],
])('%s is the same URL', (text) => {
  expect(normalizeUrl(text)).toBe(SAME)
})

test.each([
  ['http://api.example/a/b'],
  ['https://api.example:80/a/b'],
  ['https://api.example:8443/a/b'],
  ['https://api.example./a/b'],
  ['https://api.example/a/b/'],
  ['https://api.example//a/b'],
  ['https://api.example/a//b'],
  ['https://api.example/A/b'],
  ['https://api.example/a%2Fb'],
  ['https://api.example/a/b/..'],
  ['https://api.example/a/b/.'],
  ['https://api.example/a/%2562'],
  ['https://api.example/a/b;x'],
  ['https://api.example'],
])('%s is another URL', (text) => {
  const normal = normalizeUrl(text)

  expect(normal).toBeDefined()
  expect(normal).not.toBe(SAME)
})

test.each([
  [''],
  ['/a/b'],
  ['//api.example/a/b'],
  ['api.example/a/b'],
  ['ftp://api.example/a/b'],
  ['wss://api.example/a/b'],
  ['https:api.example/a/b'],
  ['https:/api.example/a/b'],
  ['https:\\\\api.example\\a\\b'],
  ['https://api.example\\a\\b'],
  ['https://user@api.example/a/b'],
  ['https://user:secret@api.example/a/b'],
  ['https://api.example@evil.example/a/b'],
  ['https:///a/b'],
  ['https://api.example:x/a/b'],
  ['https://api.example:999999/a/b'],
  ['https://api%2Eexample/a/b'],
  ['https://äpi.example/a/b'],
  ['https://api.example/ä'],
  ['https://api.example/a b'],
  [' https://api.example/a/b'],
  ['https://api.example/a\n/b'],
  ['https://api.example/a\u0000b'],
  ['https://api.ex\tample/a/b'],
  ['data:text/html,x'],
])('%j is no URL of a request', (text) => {
  expect(normalizeUrl(text)).toBeUndefined()
})

describe('its parts', () => {
  test.each([
    ['https://api.example', 'https://api.example/'],
    ['http://localhost:80', 'http://localhost/'],
    ['http://localhost:3000', 'http://localhost:3000/'],
    ['http://[::1]:3000/x', 'http://[::1]:3000/x'],
    ['https://api.example/%c3%a4', 'https://api.example/%C3%A4'],
    ['https://api.example/%7Euser', 'https://api.example/~user'],
    ['https://api.example/100%', 'https://api.example/100%'],
    ['https://api.example/a|b', 'https://api.example/a|b'],
    ['https://api.example/a/b/..', 'https://api.example/a/'],
    ['https://api.example/a/..', 'https://api.example/'],
    ['https://api.example/..', 'https://api.example/'],
    ['https://api.example/...', 'https://api.example/...'],
    ['https://api.example/.well-known/x', 'https://api.example/.well-known/x'],
  ])('%s is written %s', (text, normal) => {
    expect(normalizeUrl(text)).toBe(normal)
    expect(normalizeUrl(normal)).toBe(normal)
  })
})
