/**
 * The command line: help, mistakes, and the exit code of each.
 */
import { describe, expect, test } from 'vitest'
import { findNearest } from '../../src/cli/arguments/nearest.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { runCli } from './run-cli.ts'

const names = COMMANDS.map(({ name }) => name)
const SETUP = ['--issuer', 'https://idp.example', '--audience', 'api']

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])(
    '%s lists every command, and is good',
    async (option) => {
      const { exit, stdout, stderr } = await runCli([option])

      expect(exit).toBe(0)
      expect(stderr).toBe('')
      for (const { name, summary } of COMMANDS)
        expect(stdout).toContain(`  ${name.padEnd(10)}${summary}`)
    },
  )

  test('no command at all is a mistake, which is answered by the help', async () => {
    const { exit, stdout, stderr } = await runCli([])

    expect([exit, stdout]).toEqual([2, ''])
    expect(stderr).toContain('jwt-gate <command>')
  })

  test.each(names)('%s --help names every option, every exit code and an example', async (name) => {
    const { exit, stdout } = await runCli([name, '--help'])
    const command = COMMANDS.find((one) => one.name === name)
    const options = command?.groups.flatMap((group) => Object.keys(group.options)) ?? []

    expect(exit).toBe(0)
    for (const option of [...options, 'json', 'quiet', 'help'])
      expect(stdout).toContain(`  --${option}`)
    for (const text of Object.values(command?.exits ?? {})) {
      expect(stdout.replace(/\s+/g, ' ')).toContain(text)
    }
    expect(stdout).toContain(`jwt-gate ${name}`)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110)
  })

  test.each(names)('help %s, and --help after other options, print the same', async (name) => {
    const [first, second, third] = await Promise.all([
      runCli(['help', name]),
      runCli([name, '--help']),
      runCli([name, '--json', '-h']),
    ])

    expect([second.stdout, third.stdout]).toEqual([first.stdout, first.stdout])
  })

  test.each(names)('each example of %s is a command line without a mistake', async (name) => {
    const examples = COMMANDS.find((one) => one.name === name)?.examples ?? []

    for (const example of examples) {
      const [, own = ''] = /(jwt-gate [^|>)]*)/.exec(example) ?? []
      const words = own.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? []
      const [, command = '', ...rest] = words
      // --help is found before anything runs, so an unknown option is added to see whether the rest is known
      const { stderr } = await runCli([command, ...rest, '--zzzzzzzz'])
      expect(stderr, example).toContain('There is no option --zzzzzzzz')
    }
  })

  test('--version prints the version of the package', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })

    expect(await runCli(['--version'])).toEqual({
      exit: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    })
  })
})

describe('a mistake is answered by the way out, and its exit code is 2', () => {
  test.each([
    { argv: ['chekc'], says: 'There is no command chekc: did you mean check?' },
    { argv: ['xyzzy'], says: 'There is no command xyzzy: there are ' },
    { argv: ['help', 'jwk'], says: 'did you mean jwks?' },
    { argv: ['constructor'], says: 'There is no command constructor' },
    { argv: ['check', '--isuer', 'x'], says: 'There is no option --isuer: did you mean --issuer?' },
    { argv: ['check', '--userPoolId', 'x'], says: 'did you mean --user-pool-id?' },
    { argv: ['check', '--aud', 'x'], says: 'did you mean --audience?' },
    { argv: ['check', '--xyzzyx'], says: 'There is no option --xyzzyx\n' },
    { argv: ['check', '-x'], says: 'There is no option -x' },
    { argv: ['check', '--constructor'], says: 'There is no option --constructor' },
    { argv: ['check', '--__proto__'], says: 'There is no option --__proto__' },
    { argv: ['check', '--issuer'], says: '--issuer needs a value: --issuer <url>' },
    { argv: ['check', '--issuer='], says: '--issuer needs a value' },
    { argv: ['check', '--issuer', '--quiet'], says: '--issuer needs a value' },
    { argv: ['check', '--json=yes'], says: '--json takes no value' },
    { argv: ['check', ...SETUP, '--issuer', 'b'], says: '--issuer was given twice' },
    {
      argv: ['check'],
      says: 'There is no set-up: give --issuer and --audience, or --user-pool-id and --client-id, or --config',
    },
    { argv: ['decode'], says: 'There is no token: give a file, - for standard input' },
    { argv: ['jwks'], says: 'jwt-gate jwks takes one URL or file, or --issuer' },
    {
      argv: ['jwks', 'a.json', '--issuer', 'https://a'],
      says: 'takes one URL or file, or --issuer',
    },
    { argv: ['token', 'extra'], says: 'jwt-gate token takes options only' },
    { argv: ['issuer', '--port', '65536'], says: '--port must be a number from 0 to 65535' },
    { argv: ['issuer', '--algorithms', 'HS256'], says: '--algorithms must be algorithms' },
  ])('$argv', async ({ argv, says }) => {
    const { exit, stdout, stderr } = await runCli(argv)

    expect(stderr).toContain(says)
    expect(stderr).toMatch(/For help: npx jwt-gate (?:\w+ )?--help\n$/)
    expect([exit, stdout]).toEqual([2, ''])
  })
})

test.each([
  { argv: ['check', '--isuer', 'x', '--json'], error: { name: 'UsageError' } },
  {
    argv: ['check', '--config', 'none.js', '--json'],
    error: { message: 'There is no file none.js' },
  },
  {
    argv: ['explain', 'a', '--access', '{"group":1}', '--json'],
    error: { code: 'ERR_CONFIG_INVALID' },
  },
])('$argv: a mistake is JSON too', async ({ argv, error }) => {
  const { exit, stdout } = await runCli(argv)

  expect(JSON.parse(stdout)).toEqual({ error: expect.objectContaining(error) })
  expect(exit).toBe(2)
})

describe('the nearest word', () => {
  test.each([
    ['isuser', 'issuer'],
    ['issuers', 'issuer'],
    ['jwks_uri', 'jwks-uri'],
    ['clientId', 'client-id'],
    ['toekn', 'token'],
    ['required', 'required-claims'],
  ])('%s is %s', (word, known) => {
    const all = [
      'issuer',
      'jwks',
      'jwks-uri',
      'client-id',
      'client-id-claim',
      'token',
      'required-claims',
    ]

    expect(findNearest(word, all)).toBe(known)
  })

  test.each(['', '-', 'x', 'completely-different'])('%j is none', (word) => {
    expect(findNearest(word, ['issuer', 'audience'])).toBeUndefined()
  })

  test('a very long word costs no time', () => {
    expect(findNearest('a'.repeat(1_000_000), ['issuer'])).toBeUndefined()
  })
})
