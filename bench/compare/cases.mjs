/**
 * What two builds are compared in, within one process. Each case returns a function that takes a token. `create` gets a function
 * that imports an entry of one build, and the setup of `measure/fixtures.mjs`. It may throw: an older build may lack something.
 */
import { createEventMaker, toRoutes } from '../measure/authorizer-event.mjs'

/** `repeated`: the same token each time, as a new string. `loop`: see `tokens/loops.mjs`. */
export const CASES = {
  verify: {
    label: '`verify`, a repeated token',
    repeated: true,
    loop: 'awaited',
    create: async (load, setup) => (await createVerifier(load, setup)).verify,
  },
  verifySync: {
    label: '`verifySync`, a repeated token',
    repeated: true,
    loop: 'plain',
    create: async (load, setup) => (await createVerifier(load, setup)).verifySync,
  },
  distinct: {
    label: '`verify`, distinct RS256 tokens',
    loop: 'awaited',
    create: async (load, setup) => (await createVerifier(load, setup)).verify,
  },
  authorizer: {
    label: 'authorizer, a repeated token',
    repeated: true,
    loop: 'awaited',
    create: (load, setup) => createAuthorizer(load, setup, {}),
  },
  routes: {
    label: 'authorizer, a repeated token, 60 routes',
    repeated: true,
    loop: 'awaited',
    create: (load, setup) => createAuthorizer(load, setup, { access: toRoutes(60) }),
  },
}

async function createVerifier(load, { userPoolId, clientId, jwks }) {
  const { cognito, createVerifier } = await load('verify')
  return createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }))
}

/** Both builds get the same event. */
async function createAuthorizer(load, setup, options) {
  const { createAuthorizer } = await load('lambda-authorizer')
  const handler = createAuthorizer(await createVerifier(load, setup), options)
  const toEvent = await createEventMaker('/orders7')
  return async (token) => {
    const { policyDocument } = await handler(toEvent(token))
    if (policyDocument.Statement[0].Effect !== 'Allow') throw new Error('denied')
  }
}
