/**
 * `jwt-gate decode`: shows what a token contains. Nothing is verified.
 */
import { escapeText, toSafeJson } from '../../terminal/escape.ts'
import { type Command, type Context, EXIT, type ExitCode } from '../command.ts'
import { limit } from '../output/limit.ts'
import { formatTime } from '../output/times.ts'
import { assertNoName, readToken } from '../token-input.ts'
import { parseUnverified, type UnverifiedToken } from '../unverified-token.ts'

const TIMES = ['iat', 'nbf', 'exp', 'auth_time']

export const decode: Command = {
  name: 'decode',
  summary: 'show what a token contains, without verifying it',
  usage: '[file | - | token]',
  description:
    'Prints the header and the claims of a token. Nothing is checked: anybody can write such a token. Nothing is fetched, and no set-up is needed. The signature is not shown.',
  groups: [],
  exits: {
    0: 'It is a JWT. That says nothing about whether it is genuine',
    1: 'It is not a JWT, or it is encrypted',
    2: 'A mistake in the command line',
  },
  examples: [
    'npx jwt-gate decode token.txt',
    'pbpaste | npx jwt-gate decode -',
    'npx jwt-gate decode - --json',
  ],
  run: async (args, context) => {
    const token = parseUnverified(await readToken(args, context, 'decode'))
    if (typeof token === 'string') {
      assertNoName(args, context)
      return refuse(token, context)
    }
    if (context.isJson) {
      context.printJson({ verified: false, ...(limit(token) as object) })
    } else {
      print(token, context)
    }
    return token.payload === undefined ? EXIT.refused : EXIT.good
  },
}

function refuse(flaw: string, { isJson, print: write, printJson, style }: Context): ExitCode {
  if (isJson) printJson({ verified: false, error: flaw })
  else write(`${style.red('This is not a JWT')}: ${flaw}`)
  return EXIT.refused
}

function print(token: UnverifiedToken, { style, print: write, io }: Context): void {
  const { header, payload, signatureBytes } = token
  write(style.yellow('UNVERIFIED: nothing here was checked, and anybody can write such a token'))
  write(`\n${style.bold('Header')}\n${toSafeJson(limit(header), 2)}`)
  if (payload === undefined) {
    write('\nThe token is encrypted (JWE): only its header can be read')
    return
  }
  write(`\n${style.bold('Claims')}\n${toSafeJson(limit(payload), 2)}`)
  const times = TIMES.flatMap((name) => {
    const time = formatTime(payload[name], io.now())
    return time === undefined ? [] : [`  ${name.padEnd(10)}${escapeText(time)}`]
  })
  if (times.length > 0) write(`\n${style.bold('Times')}\n${times.join('\n')}`)
  write(`\n${style.bold('Signature')}\n  ${signatureBytes} bytes, not checked and not shown`)
}
