/**
 * The decision whether one of the site's own pages made a request, for every combination of headers that a browser may send.
 */
import { describe, expect, test } from 'vitest'
import { type BrowserRequest, isFromSite } from '../../../src/verify/access/request-origin.ts'

const SILENT: BrowserRequest = {
  method: 'GET',
  isUpgrade: false,
  host: 'app.example',
  origin: undefined,
  secFetchSite: undefined,
  secFetchMode: undefined,
  secFetchDest: undefined,
}
const SAFE = ['GET', 'HEAD', 'OPTIONS']
const UNSAFE = [
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'TRACE', 'QUERY', 'PROPFIND'],
  ...['get', 'Get', 'GET ', '', undefined],
]
const SITES = [undefined, 'same-origin', 'none', 'same-site', 'cross-site', '', 'SAME-ORIGIN', 'x']
const MODES = [undefined, 'navigate', 'no-cors', 'cors', 'websocket', 'same-origin', '', 'NAVIGATE']

/** The combinations that are accepted, as `site mode`. */
function passing(request: Partial<BrowserRequest>): string[] {
  const all = SITES.flatMap((secFetchSite) =>
    MODES.map((secFetchMode) => ({ ...SILENT, ...request, secFetchSite, secFetchMode })),
  )
  const passed = all.filter((one) => isFromSite(one))
  return passed.map(({ secFetchSite, secFetchMode }) => `${secFetchSite} ${secFetchMode}`)
}

const withAnyMode = (site: string): string[] => MODES.map((mode) => `${site} ${mode}`)

describe('a safe method', () => {
  test.each(SAFE)(
    '%s is accepted from this site, and from other sites for plain reads',
    (method) => {
      const plain = ['same-site', 'cross-site', '', 'SAME-ORIGIN', 'x'].flatMap((site) =>
        [undefined, 'navigate', 'no-cors', 'cors'].map((mode) => `${site} ${mode}`),
      )

      expect(passing({ method })).toEqual([
        ...withAnyMode('undefined'),
        ...withAnyMode('same-origin'),
        ...withAnyMode('none'),
        ...plain,
      ])
    },
  )
})

describe.each<[string, Partial<BrowserRequest>]>([
  ...UNSAFE.map((method): [string, Partial<BrowserRequest>] => [`${method}`, { method }]),
  ...SAFE.map((method): [string, Partial<BrowserRequest>] => [
    `an upgrade by ${method}`,
    { method, isUpgrade: true },
  ]),
])('%s', (_, request) => {
  test('is accepted only if Sec-Fetch-Site is same-origin', () => {
    expect(passing(request)).toEqual(withAnyMode('same-origin'))
    expect(passing({ ...request, origin: 'https://evil.example' })).toEqual(
      withAnyMode('same-origin'),
    )
  })

  test('is accepted with the origin of this site, if there is no Sec-Fetch-Site', () => {
    const origin = 'https://app.example'

    expect(passing({ ...request, origin })).toEqual([
      ...withAnyMode('undefined'),
      ...withAnyMode('same-origin'),
    ])
  })
})

describe('an Origin header', () => {
  const isSame = (origin: string | undefined, host: string | undefined) =>
    isFromSite({ ...SILENT, method: 'POST', origin, host })

  test.each([
    ['https://app.example', 'app.example'],
    ['http://app.example', 'app.example'],
    ['https://app.example:8443', 'app.example:8443'],
    ['http://127.0.0.1:3000', '127.0.0.1:3000'],
    ['http://[::1]:3000', '[::1]:3000'],
    ['https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('%s matches the host %s', (origin, host) => {
    expect(isSame(origin, host)).toBe(true)
  })

  test.each([
    ['https://evil.example', 'app.example'],
    ['https://app.example.evil.example', 'app.example'],
    ['https://evil-app.example', 'app.example'],
    ['https://a.app.example', 'app.example'],
    ['https://app.example.', 'app.example'],
    ['https://app.example:8443', 'app.example'],
    ['https://app.example', 'app.example:8443'],
    ['https://app.example:443', 'app.example'],
    ['https://APP.example', 'app.example'],
    ['https://app.example/', 'app.example'],
    ['https://app.example/x', 'app.example'],
    ['https://app.example?x', 'app.example'],
    ['https://app.example#x', 'app.example'],
    ['https://evil.example@app.example', 'app.example'],
    ['https:\\\\app.example', 'app.example'],
    ['https:app.example', 'app.example'],
    [' https://app.example', 'app.example'],
    ['https://app.\texample', 'app.example'],
    ['https://app.example, https://evil.example', 'app.example'],
    ['https://evil.example, https://app.example', 'app.example'],
    ['https://app.example/, https://evil.example', 'app.example'],
    ['app://app.example', 'app.example'],
    ['file://app.example', 'app.example'],
    ['file://', ''],
    ['blob:https://app.example/x', 'app.example'],
    ['app.example', 'app.example'],
    ['//app.example', 'app.example'],
    ['null', 'null'],
    ['null', 'app.example'],
    ['', 'app.example'],
    ['', ''],
    [undefined, 'app.example'],
    [undefined, undefined],
    ['https://app.example', undefined],
    ['https://app.example', ''],
    ['https://undefined', undefined],
  ])('%j does not match the host %j', (origin, host) => {
    expect(isSame(origin, host)).toBe(false)
  })
})

test.each(SAFE)(
  '%s from another site is rejected if its page would run or apply the response',
  (method) => {
    const from = { ...SILENT, method, secFetchSite: 'cross-site', secFetchMode: 'no-cors' }
    const passes = (secFetchDest: string) => isFromSite({ ...from, secFetchDest })

    expect(['script', 'style', 'worker', 'serviceworker', 'json'].filter(passes)).toEqual([])
    expect(['image', 'video', 'font', 'empty'].filter(passes)).toHaveLength(4)
    expect(isFromSite({ ...from, secFetchSite: 'same-origin', secFetchDest: 'script' })).toBe(true)
  },
)
