/**
 * What the page, or `curl`, can do to the demo. The log lists each action.
 */
import type { Demo } from './demo.ts'
import { findUser } from './sample.ts'

/** The body of a request: `do` names the action. */
export type ActionRequest = Readonly<Record<string, unknown>>

type Action = (
  demo: Demo,
  request: ActionRequest,
) => string | undefined | Promise<string | undefined>

const ACTIONS: Readonly<Record<string, Action>> = {
  clock: moveClock,
  outage: (demo) => {
    if (demo.embedded === undefined) return undefined
    demo.setIssuerDown(true)
    return 'The issuer is down. The verifier goes on with the keys that it has.'
  },
  recover: (demo) => {
    demo.setIssuerDown(false)
    return 'The issuer is back. The verifier sees it with its next fetch.'
  },
  rotate: async (demo) => {
    if (demo.embedded === undefined) return undefined as never
    await demo.embedded.issuer.rotateKeys()
    return 'The issuer has new keys. The verifier finds them when a token names one, or when its own get old.'
  },
  'drop-group': dropGroup,
  revoke: (demo, { token }) => demo.revoked.revoke(String(token), demo.verifier),
  restore: async (demo, { token }) =>
    (await demo.revoked.restore(String(token)))
      ? 'The token is not revoked any more: the entry was taken back.'
      : undefined,
  'cors-off': (demo) => {
    demo.setCors(false)
    return 'Both APIs are without CORS: they refuse the preflight request, which carries no token.'
  },
  'cors-on': (demo) => {
    demo.setCors(true)
    return 'Both APIs allow this page again, by CORS headers.'
  },
  reset: async (demo) => {
    await demo.reset()
    return 'Everything is back as it was: clock, issuer, groups, CORS, revoked tokens. The verifier starts without keys.'
  },
}

/** Does it. Returns `false` if there is no such action, or an argument is wrong. */
export async function act(demo: Demo, request: ActionRequest): Promise<boolean> {
  const name = request['do']
  if (typeof name !== 'string' || !Object.hasOwn(ACTIONS, name)) return false
  const text = await ACTIONS[name]?.(demo, request)
  if (text === undefined) return false
  demo.trace.log('action', text)
  demo.trace.emit('change')
  return true
}

function moveClock(demo: Demo, { seconds }: ActionRequest): string | undefined {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return undefined
  demo.clock.move(seconds)
  return `The clock of the demo was moved by ${toDuration(seconds)}.`
}

function dropGroup(demo: Demo, { user }: ActionRequest): string | undefined {
  const found = findUser(user)
  if (found === undefined || demo.embedded === undefined) return undefined
  demo.embedded.authorization.dropGroups(found.username)
  return `${found.name} is in no group any more. Tokens that exist still say otherwise.`
}

function toDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (Math.abs(seconds) < 120) return `${Math.round(seconds)} seconds`
  return Math.abs(minutes) < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
}
