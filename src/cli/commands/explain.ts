/**
 * `jwt-gate explain`: why is a token accepted or refused?
 */
import { type Explanation, explain, formatExplanation } from '../../explain/index.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { Style } from '../../terminal/style.ts'
import type { AccessRule, Verifier } from '../../verify/index.ts'
import type { Arguments } from '../arguments/parse-arguments.ts'
import { SETUP_GROUP } from '../arguments/setup-options.ts'
import { type Command, type Context, EXIT, type ExitCode, UsageError } from '../command.ts'
import { observeRequests } from '../output/requests.ts'
import { type AssumedSetup, assumeSetup, toCommandLine } from '../setup/assume-setup.ts'
import { renameOptions } from '../setup/name-options.ts'
import { readSetup, readVerifierOptions, type Setup, toVerifier } from '../setup/read-setup.ts'
import { readToken } from '../token-input.ts'

export const explainCommand: Command = {
  name: 'explain',
  summary: 'why is this token accepted or refused?',
  usage: '[file | - | token] [options]',
  description:
    'Makes every check on a token, and says what is probably wrong and how to fix it. What it prints quotes the unverified token, but nothing of its signature: it is for your eyes.\nWithout a set-up, the token itself says which issuer is asked for its keys (https, or http on loopback), and the output says which options would have to be set. That trusts whom the token names, so such a token is never accepted: the exit code is 1 or 2.',
  groups: [
    SETUP_GROUP,
    {
      title: 'Explanation',
      options: {
        at: {
          type: 'text',
          value: '<time>',
          help: 'What would happen at this time, such as 2026-07-20T12:00:00Z [default: now]',
        },
        scopes: { type: 'names', value: '<names>', help: 'Scopes that the token must have' },
        groups: { type: 'names', value: '<names>', help: 'Groups, of which the user needs one' },
        access: {
          type: 'text',
          value: '<json>',
          help: 'Any access rule, as for requireAccess, in place of --scopes and --groups',
        },
      },
    },
  ],
  exits: {
    0: 'The token is accepted',
    1: 'The token is refused',
    2: 'Nobody knows: the keys are not available, there is no set-up, or it is wrong; or a mistake in the command line',
  },
  examples: [
    'pbpaste | npx jwt-gate explain -',
    'npx jwt-gate explain token.txt --issuer https://idp.example.com --audience https://api.example.com',
    'npx jwt-gate explain token.txt --user-pool-id eu-west-1_Example --client-id 1example2345 --token-use access',
    'npx jwt-gate explain token.txt --config ./jwt-gate.config.js --groups admin --json',
  ],
  run: async (args, context) => {
    const setup = await readSetup(args, context)
    const options = { now: readTime(args.text('at')), access: readRule(args) }
    const token = await readToken(args, context, 'explain')
    const assumed = setup ? undefined : assumeSetup(token)
    const used = setup ?? toSetup(assumed, args)
    announce(assumed, context)
    const found = await explainWith(used, context, (verifier) => explain(verifier, token, options))
    const explanation = assumed ? withoutTrust(found, assumed) : found
    show(used.isFile ? explanation : rename(explanation), assumed, context)
    return toExit(explanation)
  },
}

/** For a text that is no token, which no set-up would accept. */
const NOBODY = { issuer: 'https://issuer.invalid', audience: null }

function toSetup(assumed: AssumedSetup | undefined, args: Arguments): Setup {
  const options = readVerifierOptions(args)
  return { trusted: assumed?.trusted ?? NOBODY, options, isFile: false }
}

async function explainWith(
  setup: Setup,
  { io, progress }: Context,
  work: (verifier: Verifier<never>) => Promise<Explanation>,
): Promise<Explanation> {
  const requests = observeRequests(io, progress)
  try {
    const verifier = toVerifier(setup, { ...io, verifierFetch: requests.fetch })
    return await work(verifier as Verifier<never>)
  } finally {
    requests.stop()
    progress.end()
  }
}

function announce(assumed: AssumedSetup | undefined, { progress }: Context): void {
  if (assumed === undefined) return
  progress.note(
    `No set-up was given: asking ${escapeText(assumed.issuer)}, which the unverified token names, for its keys`,
  )
}

/** With a set-up of the token itself, every issuer would be trusted. */
function withoutTrust(explanation: Explanation, { options }: AssumedSetup): Explanation {
  const cause = {
    title: 'Nobody has said whom to trust: the set-up was taken from the unverified token',
    advice: `Compare these values with those of your service, and set them: ${toCommandLine(options)}`,
  }
  if (explanation.verdict !== 'accepted') {
    return { ...explanation, causes: [...explanation.causes, cause] }
  }
  return { ...explanation, verdict: 'undecided', causes: [cause] }
}

/** The advice names options. */
function rename(explanation: Explanation): Explanation {
  const causes = explanation.causes.map(({ title, advice }) => ({
    title: renameOptions(title),
    advice: renameOptions(advice),
  }))
  const checks = explanation.checks.map((check) =>
    check.detail === undefined ? check : { ...check, detail: renameOptions(check.detail) },
  )
  return { ...explanation, checks, causes }
}

function show(explanation: Explanation, assumed: AssumedSetup | undefined, context: Context): void {
  const { isJson, print, printJson, style } = context
  if (isJson) {
    printJson({ ...explanation, ...(assumed && { assumed: assumed.options }) })
    return
  }
  if (assumed) print(formatAssumed(assumed, style))
  print(formatExplanation(explanation, { color: style.isColored }).trimEnd())
}

function formatAssumed({ options }: AssumedSetup, style: Style): string {
  const rows = options.map(({ name, value, claim }): [string, string] => [
    value === null ? `--${name}` : `--${name} ${escapeText(value)}`,
    value === null ? `the token has no ${claim}` : `from ${claim}`,
  ])
  const width = Math.min(70, Math.max(...rows.map(([option]) => option.length)))
  const lines = rows.map(([option, from]) => `  ${option.padEnd(width)}  ${style.dim(from)}`)
  return `${style.yellow('This set-up was taken from the UNVERIFIED token:')}\n${lines.join('\n')}\n`
}

function toExit({ verdict }: Explanation): ExitCode {
  if (verdict === 'accepted') return EXIT.good
  return verdict === 'refused' ? EXIT.refused : EXIT.undecided
}

function readTime(text: string | undefined): (() => number) | undefined {
  if (text === undefined) return undefined
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new UsageError('--at must be a time, such as 2026-07-20T12:00:00Z')
  return () => ms
}

function readRule(args: Arguments): AccessRule<never> | undefined {
  const [scopes, groups, access] = [args.list('scopes'), args.list('groups'), args.text('access')]
  if (access === undefined) {
    if (scopes === undefined && groups === undefined) return undefined
    return { ...(scopes && { scopes: [...scopes] }), ...(groups && { groups: [...groups] }) }
  }
  if (scopes || groups) throw new UsageError('--access cannot be used with --scopes or --groups')
  try {
    return JSON.parse(access)
  } catch (cause) {
    throw new UsageError(`--access must be an access rule as JSON: {"groups":["admin"]}`, { cause })
  }
}
