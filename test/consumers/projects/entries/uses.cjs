/**
 * What a user does with each entry of the package, as whichever kind of module it was loaded.
 */
const { once } = require('node:events')
const express = require('express')

const REQUEST = 'https://api.example.com/orders'

/** An issuer on loopback, a verifier that finds its keys by discovery, a good token and an expired one. */
exports.createWorld = async ({ createVerifier }, { createTestIssuer }) => {
  const issuer = await createTestIssuer()
  await issuer.listen()
  const verifier = createVerifier({ issuer: issuer.issuer, audience: null })
  return {
    issuer,
    verifier,
    good: await issuer.accessToken({ sub: 'alice', scope: 'orders/read' }),
    expired: await issuer.accessToken({ exp: 1 }),
  }
}

exports.USES = {
  '.': async ({ createVerifier, cognito, authorize }, { issuer, verifier, good, expired }) => {
    const { userPoolId, clientId, jwks } = issuer
    const pool = { userPoolId, clientId, tokenUse: 'access', issuer: issuer.issuer }
    const inMemory = createVerifier(cognito({ ...pool, jwks }))
    const verified = await inMemory.verify(good)
    return {
      inMemory: verified.claims.sub,
      fetched: await subjectOrCode(verifier.verify(good)),
      sync: verifier.verifySync(good).claims.sub,
      expired: await subjectOrCode(verifier.verify(expired)),
      access: codeOf(() => authorize(verified, { scopes: ['orders/write'] })),
    }
  },

  './express': async ({ authErrorHandler, getAuth, requireAccess, requireJwt }, world) => {
    const app = express()
    app.use(requireJwt(world.verifier))
    app.get('/orders', (req, res) => res.send(getAuth(req).claims.sub))
    app.delete('/orders', requireAccess({ groups: ['admin'] }), (_, res) => res.sendStatus(204))
    app.use(authErrorHandler())
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const call = async (method, token) => {
      const headers = { authorization: `Bearer ${token}`, connection: 'close' }
      const url = `http://127.0.0.1:${server.address().port}/orders`
      const response = await fetch(url, { method, headers })
      return [response.status, method === 'GET' && response.ok ? await response.text() : '']
    }
    const { good, expired } = world
    const calls = [await call('GET', good), await call('DELETE', good), await call('GET', expired)]
    server.close()
    return calls
  },

  './fetch': async ({ errorResponse, verifyRequest }, { verifier, good, expired }) => {
    const request = (token) =>
      new Request(REQUEST, { headers: { authorization: `Bearer ${token}` } })
    const { claims } = await verifyRequest(verifier, request(good))
    const error = await verifyRequest(verifier, request(expired)).catch((reason) => reason)
    return [claims.sub, errorResponse(error).status]
  },

  './issuers': async ({ auth0 }, { issuer }, { createVerifier }) => {
    const tenant = { domain: 'tenant.eu.auth0.com', audience: 'https://api.example.com' }
    const iss = 'https://tenant.eu.auth0.com/'
    const claims = { iss, aud: tenant.audience, sub: 'auth0|alice', exp: 4e9, iat: 1, azp: 'web' }
    const verifier = createVerifier(auth0({ ...tenant, jwks: issuer.jwks }))
    return subjectOrCode(verifier.verify(await issuer.token(claims)))
  },

  './lambda': async ({ errorResult, verifyEvent }, world, { createHandlerEvent }) => {
    const event = (token) => createHandlerEvent('function-url', { token })
    const { claims } = await verifyEvent(world.verifier, event(world.good))
    const error = await verifyEvent(world.verifier, event(world.expired)).catch((reason) => reason)
    return [claims.sub, errorResult(error).statusCode]
  },

  './lambda-authorizer': async ({ claimsFromEvent, createAuthorizer }, world, packages) => {
    const { createAuthorizerEvent, createHandlerEvent } = packages
    const authorizer = createAuthorizer(world.verifier, { access: { 'GET /orders': {} } })
    const ask = (token) =>
      authorizer(createAuthorizerEvent('rest-token', { path: '/orders', token }))
    const { context, policyDocument } = await ask(world.good)
    const event = createHandlerEvent('rest-lambda', { context })
    return [
      policyDocument.Statement[0].Effect,
      claimsFromEvent(event).sub,
      await ask(world.expired).catch(({ message }) => message),
    ]
  },

  './slim': async ({ createAuthorizer, createVerifier }, world, { createAuthorizerEvent }) => {
    const { issuer, jwks } = world.issuer
    const authorizer = createAuthorizer(createVerifier({ issuer, audience: null, jwks }))
    const ask = (token) =>
      authorizer(createAuthorizerEvent('rest-token', { path: '/orders', token }))
    const { policyDocument } = await ask(world.good)
    const refused = await ask(world.expired).catch(({ message }) => message)
    return [policyDocument.Statement[0].Effect, refused]
  },

  './stores': async (
    { createRevocations, memoryReplayStore, memoryRevocationStore },
    world,
    all,
  ) => {
    const { issuer, good } = world
    const revocations = createRevocations({ store: memoryRevocationStore(), whenStale: 'refuse' })
    const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
    const verifier = all.createVerifier(trusted, { revocations })
    const before = await subjectOrCode(verifier.verify(good))
    await revocations.revoke({
      issuer: issuer.issuer,
      sub: 'alice',
      until: Date.now() / 1000 + 3600,
    })
    const after = await subjectOrCode(verifier.verify(good))
    revocations.close()
    const replay = memoryReplayStore({ max: 10 })
    return [before, after, await replay.claim('id', 60), await replay.claim('id', 60)]
  },

  './explain': async ({ explain, formatExplanation }, { verifier, expired }) => {
    const explanation = await explain(verifier, expired)
    return [explanation.code, formatExplanation(explanation).includes('ERR_TOKEN_EXPIRED')]
  },

  './testing': async (_, { issuer, verifier }) => {
    const before = await issuer.accessToken({ jti: 'before' })
    await verifier.verify(before)
    await issuer.rotateKeys()
    const after = await issuer.accessToken({ sub: 'bob' })
    return [
      await subjectOrCode(verifier.verify(after)),
      await subjectOrCode(verifier.verify(await issuer.accessToken({ sub: 'bob' }))),
      await subjectOrCode(verifier.verify(before)),
    ]
  },

  './package.json': (manifest) => (manifest.default ?? manifest).name,
}

function subjectOrCode(promise) {
  return promise.then(
    ({ claims }) => claims.sub,
    ({ code }) => code,
  )
}

function codeOf(act) {
  try {
    return act()
  } catch ({ code }) {
    return code
  }
}

/** Loads every entry by a function, and prints the result of each use. */
exports.useAll = async (names, load) => {
  const entries = {}
  for (const name of names) entries[name] = await load(`jwt-gate${name.slice(1)}`)
  const world = await exports.createWorld(entries['.'], entries['./testing'])
  const packages = { ...entries['.'], ...entries['./testing'] }
  const results = {}
  for (const name of names) {
    results[name] = await exports.USES[name](entries[name], world, packages)
  }
  await world.issuer.close()
  console.log(JSON.stringify(results))
}
