/**
 * What a user does with the package, told for whichever kind of module it was loaded as.
 */
const { createServer } = require('node:http')

const EXPIRED = { exp: 1_700_000_000 }

const LOAD_BALANCER = {
  loadBalancerArn:
    'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef',
  clientId: 'app',
  issuer: 'https://idp.example',
}

/** What each surface rejects by itself. */
const REFUSALS = {
  './express': ({ headerToken }) => headerToken('x-token')({ headers: { 'x-token': 'Bearer' } }),
  './fetch': ({ headerToken }) =>
    headerToken('x-token')({ method: 'GET', headers: new Headers({ 'x-token': 'Bearer' }) }),
  './lambda': ({ alb }) => alb(LOAD_BALANCER).verifySync('a.b'),
  './lambda-authorizer': ({ claimsFromEvent }) => claimsFromEvent({ requestContext: {} }),
  './issuers': ({ auth0 }) => {
    const { claims } = auth0({ domain: 'tenant.auth0.com', audience: 'https://api.example' })
    return claims['~standard'].validate({ aud: 'an ID token' })
  },
}

exports.runScenario = async (entries) => {
  const { cognito, createVerifier } = entries['.']
  const issuer = await entries['./testing'].createTestIssuer()
  const { userPoolId, clientId, fetch } = issuer
  const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
  const verifier = createVerifier(trusted, { fetch })
  const token = await issuer.accessToken({ sub: 'alice' })
  const expired = await issuer.accessToken(EXPIRED)

  const { claims } = await verifier.verify(token)
  const refused = await verifier.verify(expired).catch((error) => error)
  return {
    sub: claims.sub,
    refused: refused.code,
    express: await askServer(entries['./express'], verifier, [token, expired]),
    fetch: await askEach([token, expired], (one) =>
      entries['./fetch'].verifyRequest(
        verifier,
        new Request('https://api.example', { headers: { authorization: `Bearer ${one}` } }),
      ),
    ),
    event: await askEach([token, expired], (one) =>
      entries['./lambda'].verifyEvent(
        verifier,
        entries['./testing'].createHandlerEvent('function-url', { token: one }),
      ),
    ),
    lambda: await askAuthorizer(entries['./lambda-authorizer'], verifier, [token, expired]),
    thrownByCore: isTokenError(entries, refused),
    thrownBySurfaces: Object.entries(REFUSALS).map(([entry, refuse]) => [
      entry,
      isTokenError(
        entries,
        caught(() => refuse(entries[entry])),
      ),
    ]),
  }
}

async function askServer({ getAuth, requireJwt }, verifier, tokens) {
  const protect = requireJwt(verifier)
  const server = createServer((req, res) =>
    protect(req, res, (error) => res.end(error ? error.code : getAuth(req).claims.sub)),
  )
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`
  const answers = []
  for (const token of tokens) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    answers.push(await response.text())
  }
  server.close()
  server.closeAllConnections()
  return answers
}

async function askAuthorizer({ createAuthorizer }, verifier, tokens) {
  const authorizer = createAuthorizer(verifier)
  const answers = []
  for (const token of tokens) {
    const event = {
      type: 'TOKEN',
      authorizationToken: `Bearer ${token}`,
      methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/profile',
    }
    const answer = await authorizer(event).catch((error) => error.message)
    answers.push(answer.policyDocument?.Statement[0].Effect ?? answer)
  }
  return answers
}

function askEach(tokens, verify) {
  const ask = (token) =>
    verify(token).then(
      ({ claims }) => claims.sub,
      (error) => error.code,
    )
  return Promise.all(tokens.map(ask))
}

function isTokenError(entries, error) {
  const { ConfigError, JwtGateError, TokenError } = entries['.']
  return (
    error instanceof TokenError && error instanceof JwtGateError && !(error instanceof ConfigError)
  )
}

function caught(act) {
  try {
    return act()
  } catch (error) {
    return error
  }
}
