/**
 * `jwt-gate revoke`: revokes tokens in the store that the verifiers read.
 */
import { escapeText } from '../../terminal/escape.ts'
import { ConfigError, isJwtGateError, StoreError } from '../../verify/index.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { SETUP_GROUP } from '../arguments/setup-options.ts'
import { type Command, type Context, EXIT, type ExitCode, UsageError } from '../command.ts'
import { formatTime } from '../output/times.ts'
import { type Opened, openStore, STORE_GROUP } from '../revocation/open-store.ts'
import { ENTRY_GROUP, type Entry, readEntry, toTokens } from '../revocation/read-entry.ts'
import { describeStoreError } from '../revocation/store-error.ts'
import { readTokenEntry, TOKEN_GROUP } from '../revocation/token-entry.ts'

const { issuer: _issuer, 'client-id': _client, ...setupOptions } = SETUP_GROUP.options

export const revoke: Command = {
  name: 'revoke',
  summary: 'revoke tokens, or take that back',
  usage: '[file | - | token] [options]',
  description:
    'Adds an entry to the list of revoked tokens, which all verifiers with the same store read. It says for itself which tokens it meets, or takes that from a token, which is verified first: then --issuer and --client-id are those of the set-up. Nothing is asked before it is done, and --restore takes it back.',
  groups: [
    ENTRY_GROUP,
    TOKEN_GROUP,
    STORE_GROUP,
    { title: 'Set-up, to verify the token', options: setupOptions },
  ],
  exits: {
    0: 'The store has the entry, or has taken it back',
    1: 'The token is refused, so nothing was revoked',
    2: 'Nobody knows whether the token is good, the store failed, or a mistake in the command line',
  },
  examples: [
    'npx jwt-gate revoke token.txt --redis-env REDIS_URL',
    'npx jwt-gate revoke --issuer https://idp.example.com --sub alice --issued-before now --until +24h',
    'npx jwt-gate revoke --issuer https://idp.example.com --client-id app --until +1d --dynamodb-table t',
    'npx jwt-gate revoke --issuer https://idp.example.com --sub alice --restore',
  ],
  run: async (args, context) => {
    const entry = await read(args, context)
    if (typeof entry === 'number') return entry
    const isRestored = args.has('restore')
    if (entry.until === undefined && !isRestored) {
      throw new UsageError(
        '--until is missing: when does the last token expire that this must meet? Such as --until +24h',
      )
    }
    const opened = await openStore(args, context)
    try {
      await write(entry, isRestored, opened)
    } finally {
      opened.close()
    }
    report(entry, isRestored, context)
    return EXIT.good
  },
}

/** The entry, or the exit code for a token that is refused. */
async function read(args: Arguments, context: Context): Promise<Entry | ExitCode> {
  if (args.positionals.length === 0) {
    const [wrong] = ['by', 'unverified'].filter((name) => args.has(name))
    if (wrong)
      throw new UsageError(`--${wrong} is for a token: give its file, or - for standard input`)
    return readEntry(args, context.io.now())
  }
  try {
    return await readTokenEntry(args, context)
  } catch (error) {
    if (error instanceof StoreError) {
      const why = describeStoreError(error)
      throw new UsageError(`The list of revoked tokens cannot be read: ${why}`, { cause: error })
    }
    if (!isJwtGateError(error) || error instanceof ConfigError || error.status >= 500) throw error
    const { isJson, print, printJson, style } = context
    if (isJson) printJson({ error })
    else
      print(
        `${style.red('nothing was revoked')}: ${error.code}: ${escapeText(error.message, 1_000)}`,
      )
    return EXIT.refused
  }
}

async function write(entry: Entry, isRestored: boolean, { revocations }: Opened): Promise<void> {
  const tokens = toTokens(entry)
  try {
    if (isRestored) await revocations.restore(tokens)
    else await revocations.revoke({ ...tokens, until: entry.until as number })
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error })
    throw new UsageError(
      `The store failed, so the change may or may not be in force: ${describeStoreError(error)}. Try again`,
      { cause: error },
    )
  }
}

function report(entry: Entry, isRestored: boolean, context: Context): void {
  const { isJson, print, printJson, style, io } = context
  const { issuer, member, value, issuedBefore, until } = entry
  if (isJson) {
    printJson({ [isRestored ? 'restored' : 'revoked']: { ...toTokens(entry), until } })
    return
  }
  const done = isRestored ? 'taken back: all entries for' : 'revoked:'
  print(`${style.green(done)} ${member} ${escapeText(JSON.stringify(value), 300)}`)
  print(`  issuer         ${escapeText(issuer, 300)}`)
  if (issuedBefore !== undefined) print(`  issued before  ${formatTime(issuedBefore, io.now())}`)
  if (until !== undefined) print(`  until          ${formatTime(until, io.now())}`)
  print(
    'In force in each process with its next read of the store: after refreshMs, 5 seconds by default.',
  )
}
